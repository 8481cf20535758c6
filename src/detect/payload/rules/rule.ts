// The shape of a rule: cheap hints first, then one pattern, then what must stand nearby.
import type { CallbackKind, PayloadFamily, Place, Strength } from '../sign.ts';

/**
 * Patterns must be linear in practice: every repetition is bounded or cannot match what follows it, and none is nested in another.
 * Groups named `host` and `port` give the callback.
 */
export interface Rule {
  readonly family: PayloadFamily;
  readonly technique: string;
  readonly strength: Strength;
  /** ASCII, lower case; at least one must be in the text. */
  readonly hints: readonly string[];
  /** With flags `gi`. */
  readonly pattern: RegExp;
  /** Must match within 300 characters before and 700 behind the match. */
  readonly nearby?: RegExp;
  readonly callback?: CallbackKind;
  /** Where the pattern names no end, take the first address literal nearby. */
  readonly looksAround?: boolean;
  /** Means nothing elsewhere. Default: everywhere. */
  readonly places?: readonly Place[];
}

/** A host, captured. Labels are bounded: linear. */
const host = String.raw`(?<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,8}\.?)`;
const port = String.raw`(?<port>\d{1,5})`;

/** A pattern with `HOST` and `PORT` in it. */
export const pattern = (source: string): RegExp => new RegExp(source.replaceAll('HOST', host).replaceAll('PORT', port), 'gi');

/** Rules of one family and strength, from their differing parts. */
export const rulesOf = (common: Pick<Rule, 'family' | 'strength'>, rules: readonly Omit<Rule, 'family' | 'strength'>[]): readonly Rule[] =>
  rules.map((rule) => ({ ...common, ...rule }));
