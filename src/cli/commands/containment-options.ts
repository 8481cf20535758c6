// What the commands of containment have in common: where, who is asked, how long.
import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { parseCidr } from '../../base/ip.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { ContainmentPlace, WireRequest } from '../../workflows/containment/index.ts';

/** Where the journal and the evidence lie unless another place is named. */
const standardState = '/var/lib/vedette';

export interface PlaceOptions {
  readonly cloud?: string;
  readonly config?: string;
  readonly state: string;
}

export interface WireOptions {
  readonly verifyAt: readonly string[];
  readonly wire: boolean;
}

const gather = (text: string, before: readonly string[]): readonly string[] => [...before, ...text.split(',')];

export const withPlace = (command: Command): Command =>
  command
    .option('--cloud <name>', 'cloud of clouds.yaml; see vedette cloud check --help')
    .option('--config <file>', 'configuration (YAML); see vedette config explain')
    .option('--state <dir>', 'where the journal and the evidence are kept', standardState);

export const withWire = (command: Command): Command =>
  command
    .option('--verify-at <point>', 'look at the wire there: NAMESPACE:DEVICE or DEVICE of this computer (repeatable)', gather, [])
    .option('--no-wire', 'do not look at the wire');

export function placeOf({ cloud, config, state }: PlaceOptions): ContainmentPlace {
  const { cloud: configured } = loadConfig(config);
  return {
    cloud: { ...(cloud !== undefined && { name: cloud }), ...(configured !== undefined && { configured }) },
    stateDirectory: state,
  };
}

export const wireOf = ({ verifyAt, wire }: WireOptions): WireRequest => ({ verifyAt, skip: !wire });

/** CIDRs of investigators. */
export function collectCidrs(text: string, before: readonly string[]): readonly string[] {
  const cidrs = text.split(',').map((one) => one.trim());
  const bad = cidrs.find((one) => parseCidr(one) === undefined);
  if (bad !== undefined) throw new InvalidArgumentError(`"${bad}" is not an address or CIDR such as 203.0.113.0/24.`);
  return [...before, ...cidrs];
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `4h`, `2d`, in milliseconds. */
export function durationMs(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * (unitMs[unit] ?? 0);
  if (ms <= 0) throw new InvalidArgumentError(`"${text}" is not a time such as 30m, 4h or 2d.`);
  return ms;
}

/** Asks on the terminal; where there is none, the answer is no. */
export async function confirmed(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
