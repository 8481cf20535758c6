// Plays a conversation to one analyzer's session and hands back what it did.
import { bytesOfLatin1 } from '../../src/base/bytes.ts';
import { epochMicros } from '../../src/base/units.ts';
import type { Analyzer, Flow, Verdict } from '../../src/engine/analyzers/analyzer.ts';
import { FakeFlow } from './fake-flow.ts';

/** One segment or datagram, one character a byte. */
export type Part = readonly [fromClient: boolean, text: string];
export const client = (text: string): Part => [true, text];
export const server = (text: string): Part => [false, text];

/** Text of bytes given in hexadecimal, spaces allowed. */
export const hex = (digits: string): string =>
  digits.replaceAll(/\s/g, '').replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));

/** Feeds the parts as long as the session wants them, one microsecond apart from 1000 on; then closes it. */
export function runSession(analyzer: Analyzer, parts: readonly Part[], values: Partial<Flow> = {}): FakeFlow {
  const flow = new FakeFlow(analyzer.name, { transport: analyzer.transports[0] ?? 'tcp', ...values });
  const session = analyzer.open(flow, true);
  let at = 1000;
  for (const [fromClient, text] of parts) {
    if (flow.finished || flow.rejected !== undefined || flow.handedTo.length > 0) break;
    const bytes = bytesOfLatin1(text);
    session.onBytes(fromClient, bytes, 0, bytes.u8.length, epochMicros(at++));
  }
  session.onClose(epochMicros(at));
  return flow;
}

/** The analyzer's verdict on the first bytes of a side. */
export const probe = (analyzer: Analyzer, [fromClient, text]: Part): Verdict =>
  analyzer.probe(fromClient, bytesOfLatin1(text), 0, text.length);
