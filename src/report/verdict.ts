// Which machines are shown to be compromised or to attack others, and by what.
import { atLeast, type Finding } from '../model/finding.ts';

/** One accused machine with the findings that accuse it. */
export interface Accused {
  readonly address: string;
  readonly machine: string | undefined;
  readonly context: string | undefined;
  /** Gravest first. */
  readonly findings: readonly Finding[];
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Highest confidence among the findings. */
  readonly confidence: number;
}

/** What a person calls it: the name of the cloud where there is one, and the network where addresses overlap. */
export const nameOf = ({ address, machine, context }: Pick<Accused, 'address' | 'machine' | 'context'>): string =>
  [machine === undefined ? address : `${machine} (${address})`, context && `[${context}]`].filter(Boolean).join(' ');

/**
 * The machines that findings of severity high and critical are about, gravest first. The same address in two network contexts
 * is two machines. An attacker from outside is not one of ours, however grave what it does.
 */
export function accused(findings: readonly Finding[], isOurs: (address: string) => boolean): Accused[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { address, context } = finding.subject;
    if (!atLeast(finding.severity, 'high') || !isOurs(address)) continue;
    const key = `${context ?? ''}|${address}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].map((group) => ({
    address: group[0]?.subject.address ?? '',
    machine: group.find(({ subject }) => subject.machine !== undefined)?.subject.machine,
    context: group[0]?.subject.context,
    findings: group,
    firstSeen: Math.min(...group.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...group.map(({ lastSeen }) => lastSeen)),
    confidence: Math.max(...group.map(({ confidence }) => confidence)),
  }));
}
