// Packets for a bundle, cut out of captures that are proven to be those that were analysed.
import { VedetteError } from '../../base/errors.ts';
import { pathPart } from '../../evidence/manifest.ts';
import type { Collection } from '../../evidence/seal-bundle.ts';
import { atLeast } from '../../model/finding.ts';
import { type AnalysedCapture, capturesOf } from '../case/read-analysis.ts';
import type { CollectDependencies, CollectRequest } from './collect-bundle.ts';

/** Machines with all their packets. */
const maxMachines = 10;

/** Captures as they are now; one that changed or is gone is a gap. @returns those that can be read */
async function checkCaptures(
  collection: Collection,
  captures: readonly AnalysedCapture[],
  { hashFile }: CollectDependencies,
): Promise<string[]> {
  const readable: string[] = [];
  for (const { source, sha256 } of captures) {
    try {
      const now = await hashFile(source);
      collection.record('capture hashed', { source, sha256: now, ...(sha256 !== undefined && { sha256AtAnalysis: sha256 }) });
      if (sha256 !== undefined && now !== sha256)
        collection.miss(`packets as analysed of ${source}`, 'the capture changed since the analysis');
      readable.push(source);
    } catch (error) {
      if (!(error instanceof VedetteError)) throw error;
      collection.miss(`packets of ${source}`, error.message);
    }
  }
  return readable;
}

/** What to cut: name in the bundle, what it is, and the choice. */
function cutsOf({
  subject,
  allPackets,
}: CollectRequest): { name: string; what: string; choice: Parameters<CollectDependencies['cutPackets']>[0] }[] {
  const { findings, directory } = subject;
  const uids = [...new Set(findings.flatMap(({ records }) => records))];
  const grave = findings.filter(({ severity }) => atLeast(severity, 'high'));
  const machines = [...new Set((grave.length > 0 ? grave : findings).map(({ subject: { address } }) => address))].slice(0, maxMachines);
  const base = { inputs: [], out: '', force: false };
  return [
    ...(uids.length === 0
      ? []
      : [{ name: 'findings', what: "packets of the findings' connections", choice: { ...base, connections: { uids, directory } } }]),
    ...(allPackets
      ? machines.map((address) => ({
          ...{ name: `machine-${pathPart(address)}`, what: `all packets of ${address}` },
          choice: { ...base, filter: `host ${address}` },
        }))
      : []),
  ];
}

/** Cuts the packets; what cannot be cut is a gap. */
export async function collectPackets(collection: Collection, request: CollectRequest, dependencies: CollectDependencies): Promise<void> {
  const given = request.captures.map((source): AnalysedCapture => ({ source, sha256: undefined }));
  const known = capturesOf(JSON.parse(request.subject.run) as Readonly<Record<string, unknown>>);
  if (given.length === 0 && known.length === 0) return collection.miss('packets', 'the analysis read no capture file');
  const inputs = await checkCaptures(collection, given.length > 0 ? given : known, dependencies);
  if (inputs.length === 0) return;
  const about =
    request.subject.caseId ??
    request.subject.findings
      .map(({ id }) => id)
      .slice(0, 3)
      .join(' ');
  for (const { name, what, choice } of cutsOf(request)) {
    try {
      await collection.produce(`packets/${name}.pcapng`, { what, source: inputs.join(' ') }, async (out) => {
        await dependencies.cutPackets({ ...choice, inputs, out, comment: about, ...(request.signal && { signal: request.signal }) });
      });
    } catch (error) {
      if (!(error instanceof VedetteError) || error.code === 'output-unwritable' || error.kind === 'internal') throw error;
      collection.miss(what, error.message);
    }
  }
}
