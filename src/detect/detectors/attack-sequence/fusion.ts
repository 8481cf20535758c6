// From findings about one machine to the probability that it is compromised. Pure.
import { atLeast, type Finding } from '../../../model/finding.ts';

/** Families of evidence: ten detectors of one family do not add up. The order is that of an attack. */
export const families = ['entry', 'callback', 'tools', 'control', 'action'] as const;
export type Family = (typeof families)[number];

interface Weight {
  readonly family: Family;
  /** How much a finding of full confidence says about compromise. */
  readonly weight: number;
}

/** What a finding with the machine as subject says. Detectors that are not listed say nothing about compromise. */
const subjectWeights: Readonly<Record<string, Weight>> = {
  D01: { family: 'action', weight: 0.8 },
  D02: { family: 'action', weight: 0.7 },
  D03: { family: 'action', weight: 0.5 },
  D05: { family: 'action', weight: 0.3 },
  D06: { family: 'action', weight: 0.3 },
  D07: { family: 'action', weight: 0.7 },
  D13: { family: 'action', weight: 0.9 },
  D14: { family: 'action', weight: 0.9 },
  D15: { family: 'action', weight: 0.8 },
  D16: { family: 'action', weight: 0.8 },
  D18: { family: 'action', weight: 0.9 },
  D24: { family: 'control', weight: 0.2 },
  D31: { family: 'control', weight: 1 },
  D32: { family: 'callback', weight: 1 },
  D33: { family: 'control', weight: 0.3 },
  D34: { family: 'callback', weight: 0.2 },
  D43: { family: 'tools', weight: 0.8 },
  D44: { family: 'action', weight: 0.7 },
};

/** Being attacked opens a chain; alone it proves nothing. */
const entryWeight: Weight = { family: 'entry', weight: 0.3 };

/** What a finding says about a machine: as its subject, or as the victim of an inbound attack. */
export function weightFor(finding: Finding, address: string): Weight | undefined {
  const number = finding.detector.slice(0, 3);
  if (finding.subject.address === address) return atLeast(finding.severity, 'low') ? subjectWeights[number] : undefined;
  return number === 'D44' ? entryWeight : undefined;
}

export interface Fusion {
  /** Chance of compromise, 0 to 1. */
  readonly probability: number;
  readonly families: readonly Family[];
  /** Steps came in the order of an attack. */
  readonly ordered: boolean;
  /** One finding alone is proof. */
  readonly deterministic: boolean;
}

/** P = 1 − Π over families (1 − max of confidence × weight); × 1.15 when the steps are in order. Field research §4.9. */
export function fuse(members: readonly Finding[], address: string): Fusion {
  const best = new Map<Family, number>();
  const began = new Map<Family, number>();
  for (const finding of members) {
    const weight = weightFor(finding, address);
    if (weight === undefined) continue;
    best.set(weight.family, Math.max(best.get(weight.family) ?? 0, finding.confidence * weight.weight));
    began.set(weight.family, Math.min(began.get(weight.family) ?? Number.POSITIVE_INFINITY, finding.firstSeen));
  }
  let innocent = 1;
  for (const value of best.values()) innocent *= 1 - value;
  const present = families.filter((family) => best.has(family));
  const times = present.map((family) => began.get(family) ?? 0);
  const ordered = present.length >= 2 && times.every((time, i) => i === 0 || time >= (times[i - 1] ?? 0));
  const probability = Math.min(0.99, (1 - innocent) * (ordered ? 1.15 : 1));
  return { probability, families: present, ordered, deterministic: Math.max(0, ...best.values()) >= 0.95 };
}
