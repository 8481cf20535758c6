// Packets for a bundle, cut out of captures that are proven to be those that were analysed.
import { VedetteError } from '../../base/errors.ts';
import { pathPart } from '../../evidence/manifest.ts';
import type { Collection } from '../../evidence/seal-bundle.ts';
import { atLeast, type Finding } from '../../model/finding.ts';
import { type AnalysedCapture, capturesOf } from '../case/read-analysis.ts';
import type { PacketsRequest } from '../packets.ts';
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

/** One file of packets: its name in the bundle, what it is, and the choice. */
interface Cut {
  readonly name: string;
  readonly what: string;
  readonly choice: Pick<PacketsRequest, 'connections' | 'filter'>;
}

/** All packets of a machine; equal addresses of other tenants are told apart by the network context. */
function machineCut({ address, context }: Finding['subject']): Cut {
  const where = context === undefined ? '' : ` in ${context}`;
  const name = `machine-${pathPart([address, context].filter(Boolean).join('-'))}`;
  const filter = `host ${address}${context === undefined ? '' : ` and context ${context}`}`;
  return { name, what: `all packets of ${address}${where}`, choice: { filter } };
}

function cutsOf({ subject: { findings, directory }, allPackets }: CollectRequest): readonly Cut[] {
  const uids = [...new Set(findings.flatMap(({ records }) => records))];
  const grave = findings.filter(({ severity }) => atLeast(severity, 'high'));
  const machines = new Map((grave.length > 0 ? grave : findings).map(({ subject }) => machineCut(subject)).map((cut) => [cut.name, cut]));
  const connections: Cut = { name: 'findings', what: "packets of the findings' connections", choice: { connections: { uids, directory } } };
  return [...(uids.length > 0 ? [connections] : []), ...(allPackets ? [...machines.values()].slice(0, maxMachines) : [])];
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
        await dependencies.cutPackets({
          ...choice,
          inputs,
          out,
          force: false,
          comment: about,
          ...(request.signal && { signal: request.signal }),
        });
      });
    } catch (error) {
      if (!(error instanceof VedetteError) || error.code === 'output-unwritable' || error.kind === 'internal') throw error;
      collection.miss(what, error.message);
    }
  }
}
