// Items of an inventory as JSON and as short text.
import { type EpochMicros, formatInstant } from '../../base/units.ts';
import type { FoundItem } from '../../workflows/inventory-views.ts';

/** ISO 8601, or null. */
export const iso = (at: EpochMicros | undefined): string | null => (at === undefined ? null : formatInstant(at));
/** An item with its kind and when it held. */
export const itemJson = ({ kind, version: { value, from, to } }: FoundItem): object => ({ kind, from: iso(from), to: iso(to), ...value });

/** A value on one line. */
export const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** One JSON document on a line of standard output. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};
