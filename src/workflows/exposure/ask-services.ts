// Asks open TCP ports who they are, after the scan: few at a time, few of one address.
import { forEachOf } from '../../exposure/pacer.ts';
import type { ServiceProber } from '../../exposure/service-prober.ts';
import type { MeasuredHost, MeasuredPort } from '../../model/exposure.ts';

const portsAtOnce = 24;
const portsOfHost = 24;

/** Asks what was not asked before, and hands each host on when it is done. */
export async function askServices(
  hosts: Iterable<MeasuredHost>,
  {
    prober,
    signal,
    onHost,
  }: { readonly prober: ServiceProber; readonly signal: AbortSignal; readonly onHost: (host: MeasuredHost) => void },
): Promise<void> {
  const isOpen = ({ protocol, state, evidence }: MeasuredPort): boolean => protocol === 'tcp' && state === 'open' && evidence === undefined;
  const questions = [...hosts].flatMap((host) => {
    const ports = host.ports.filter(isOpen).slice(0, portsOfHost);
    const answers = new Map<number, MeasuredPort['evidence']>();
    return ports.map(({ port }) => ({ host, port, answers, wanted: ports.length }));
  });
  await forEachOf(questions, portsAtOnce, async ({ host, port, answers, wanted }) => {
    if (signal.aborted) return;
    const evidence = await prober.probe(host.address, port, signal);
    if (signal.aborted) return;
    answers.set(port, evidence);
    if (answers.size < wanted) return;
    const ports = host.ports.map((one) => {
      const said = one.protocol === 'tcp' ? answers.get(one.port) : undefined;
      return said === undefined ? one : { ...one, evidence: said };
    });
    onHost({ ...host, ports });
  });
}
