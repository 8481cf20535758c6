// What is kept of a machine before it is changed, the most fleeting first (RFC 3227 §2.1): what it is doing, its console, what was done
// to it, and the provider's own words about it and its ports.
import { createHash } from 'node:crypto';
import { VedetteError } from '../base/errors.ts';
import type { Cloud, MachineState } from '../cloud/cloud.ts';

/** Something that was kept. */
export interface EvidenceItem {
  readonly name: string;
  /** Within the state directory. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where evidence is kept. */
export interface EvidenceKeeper {
  /** On disk, and not to be overwritten, when it returns. @returns the path within the state directory */
  keep(action: string, name: string, text: string): string;
}

export interface CollectedEvidence {
  readonly items: readonly EvidenceItem[];
  /** What could not be had, and why. */
  readonly gaps: readonly string[];
}

/** Longest wait for one piece: containment must not wait for a slow console. */
const pieceMs = 10_000;

/** User data often holds passwords; its digest still tells whether two are the same. */
function withoutUserData(machine: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { 'OS-EXT-SRV-ATTR:user_data': userData, ...rest } = machine;
  if (typeof userData !== 'string') return machine;
  return { ...rest, 'OS-EXT-SRV-ATTR:user_data_sha256': createHash('sha256').update(userData).digest('hex') };
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${pieceMs / 1000} s`)), pieceMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Collects and keeps. A piece that the cloud does not give is a gap; one that cannot be kept is an error. */
export async function collectEvidence(
  cloud: Cloud,
  state: MachineState,
  keeper: EvidenceKeeper,
  action: string,
): Promise<CollectedEvidence> {
  const { machine, ports } = state;
  const pieces: readonly [string, () => Promise<string>][] = [
    ['diagnostics.json', async () => json(await cloud.diagnostics(machine.id))],
    ['console.txt', () => cloud.consoleOutput(machine.id)],
    ['events.json', async () => json(await cloud.machineEvents(machine.id))],
    ['machine.json', async () => json(withoutUserData(await cloud.rawMachine(machine.id)))],
    ...ports.map(({ id }): [string, () => Promise<string>] => [`port-${id}.json`, async () => json(await cloud.rawPort(id))]),
    ['state.json', () => Promise.resolve(json(state))],
  ];
  const items: EvidenceItem[] = [];
  const gaps: string[] = [];
  for (const [name, read] of pieces) {
    let text: string;
    try {
      text = await withinTime(read());
    } catch (error) {
      if (!(error instanceof Error) || (error instanceof VedetteError && error.kind === 'internal')) throw error;
      gaps.push(`${name}: ${error.message}`);
      continue;
    }
    const path = keeper.keep(action, name, text);
    items.push({ name, path, bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') });
  }
  return { items, gaps };
}
