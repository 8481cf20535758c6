// Plays segments to an HTTP session with real files behind it, and hands back the rows.
import { bytesOfLatin1 } from '../../src/base/bytes.ts';
import { epochMicros } from '../../src/base/units.ts';
import { http } from '../../src/engine/analyzers/http/http.ts';
import { Files } from '../../src/engine/files/files.ts';
import type { FilesRecord } from '../../src/model/records/files.ts';
import type { HttpRecord } from '../../src/model/records/http.ts';
import { nodePlatform } from '../../src/platform/node-platform.ts';
import { FakeFlow } from './fake-flow.ts';

/** A segment of one side, a hole of so many bytes, or the side's end. */
export type Step = readonly [side: '>' | '<', what: string | number | 'end'];

export interface Played {
  readonly http: readonly HttpRecord[];
  readonly files: readonly FilesRecord[];
  readonly flow: FakeFlow;
}

/** Times are microseconds from 1,000,000 on, one step a microsecond. */
export function playHttp(steps: readonly Step[], { hashes = true, sameTime = false, seenFromStart = true } = {}): Played {
  const files: FilesRecord[] = [];
  const registry = new Files({ platform: nodePlatform, emit: (row) => files.push(row), hashes });
  const flow: FakeFlow = new FakeFlow('http', {
    platform: nodePlatform,
    serverPort: 80,
    seenFromStart,
    openFile: (options) => registry.open(flow, options),
  });
  const session = http.open(flow, true);
  let at = 1_000_000;
  for (const [side, what] of steps) {
    if (flow.rejected !== undefined || flow.handedTo.length > 0) break;
    const now = epochMicros(sameTime ? at : at++);
    if (what === 'end') session.onEnd?.(side === '>', now);
    else if (typeof what === 'number') session.onGap?.(side === '>', what, now);
    else {
      const bytes = bytesOfLatin1(`##${what}##`);
      session.onBytes(side === '>', bytes, 2, 2 + what.length, now);
    }
  }
  session.onClose(epochMicros(at));
  registry.close(epochMicros(at));
  return { http: flow.rows.filter(({ name }) => name === 'http').map(({ row }) => row as unknown as HttpRecord), files, flow };
}
