// Units that are silent bugs when mixed, as branded numbers.

declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** Microseconds since 1970-01-01T00:00:00Z; an exact integer in a double until the year 2255. */
export type EpochMicros = Unit<'EpochMicros'>;

/** Brands a number of microseconds since the epoch. The only place that casts. */
export const epochMicros = (micros: number): EpochMicros => micros as EpochMicros;

/** Seconds with a fraction from one instant to another (Zeek's `interval`); negative when `to` is earlier. */
export const secondsBetween = (from: EpochMicros, to: EpochMicros): number => (to - from) / 1e6;

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** ISO 8601 in UTC with microseconds, e.g. `2023-03-05T20:38:41.123456Z`. */
export function formatInstant(at: EpochMicros): string {
  const micros = Math.round(at);
  const seconds = Math.floor(micros / 1e6);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${pad(micros - seconds * 1e6, 6)}Z`;
}
