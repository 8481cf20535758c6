// What a finding says about the ends it names, by detector number: who is the attacker, who is the victim, which question it answers.
import type { Finding } from '../model/finding.ts';

/** `D31` of `D31-interactive-shell`. */
export const numberOf = (finding: Finding): string => finding.detector.slice(0, 3);

/** The other ends are the attacker's: an intruder's listener, a place where tools came from. */
const attackerPeers = new Set(['D25', 'D26', 'D27', 'D28', 'D31', 'D32', 'D43']);
/** A shell or remote control was held. */
const remoteAccess = new Set(['D31', 'D32']);
/** Leads to remote access: long, odd or hidden sessions. */
const remoteLeads = new Set(['D24', 'D33']);
/** An attack came in. */
const inboundAttack = new Set(['D44']);
/** A machine reacted to one. */
const reaction = new Set(['D32', 'D50']);
/** Tools or names. */
const toolFetch = new Set(['D43']);
const directCall = new Set(['D34']);
/** Traffic that harms others: scans, sweeps, floods. */
const harm = /^D(?:0[1-9]|1\d)$/;

const isIn =
  (numbers: ReadonlySet<string>) =>
  (finding: Finding): boolean =>
    numbers.has(numberOf(finding));

export const hasAttackerPeers = isIn(attackerPeers);
export const isRemoteAccess = isIn(remoteAccess);
export const isRemoteLead = isIn(remoteLeads);
export const isInboundAttack = isIn(inboundAttack);
export const isReaction = isIn(reaction);
export const isToolFetch = isIn(toolFetch);
export const isDirectCall = isIn(directCall);
/** Scans, sweeps and floods. */
export const isHarm = (finding: Finding): boolean => harm.test(numberOf(finding));

/** First text among these keys of the evidence; lists give their first text. */
export function evidenceText(finding: Finding, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = finding.evidence[key];
    // A list gives its first; a count by name gives its first name.
    const first: unknown = Array.isArray(value) ? value[0] : typeof value === 'object' && value !== null ? Object.keys(value)[0] : value;
    if (typeof first === 'string' && first !== '') return first;
  }
  return undefined;
}

/** Whether the detector of an inbound attack saw that it worked. */
export const isAttackAnswered = (finding: Finding): boolean => /^attempt(?: and|, answered)/.test(evidenceText(finding, 'verdict') ?? '');

/** What an attack aimed at, as its detector says. */
export interface AttackFacts {
  readonly endpoint: string | undefined;
  readonly parameter: string | undefined;
  /** Decoded, most telling first. */
  readonly payloads: readonly string[];
  readonly kind: string | undefined;
}

/** The attack that a finding describes. */
export function attackOf(finding: Finding): AttackFacts {
  const { evidence } = finding;
  const several = ['decodedPayloads', 'payloads'].map((key) => evidence[key]).find((value) => Array.isArray(value)) as
    | readonly unknown[]
    | undefined;
  const one = evidenceText(finding, 'payload', 'decoded', 'decodedSnippet');
  return {
    endpoint: evidenceText(finding, 'endpoint', 'path'),
    parameter: evidenceText(finding, 'parameter', 'parameters'),
    payloads: several?.filter((value): value is string => typeof value === 'string') ?? (one === undefined ? [] : [one]),
    kind: evidenceText(finding, 'technique', 'techniques', 'family', 'families'),
  };
}
