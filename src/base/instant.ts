// Times as people and files write them, read without asking the machine for its zone.
import { type EpochMicros, epochMicros } from './units.ts';

const shape = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/i;

/**
 * ISO 8601, e.g. `2023-03-05T20:38:41.123456Z`; without a zone UTC, a date alone is its midnight. Digits beyond microseconds are cut.
 * Undefined for what is no time.
 */
export function parseInstant(text: string): EpochMicros | undefined {
  const match = shape.exec(text.trim());
  if (match === null) return undefined;
  const [, day = '', minute = '00:00', second = '00', fraction = '', zone = 'Z'] = match;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z';
  const millis = Date.parse(`${day}T${minute}:${second}${offset}`);
  return Number.isNaN(millis) ? undefined : epochMicros(millis * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6)));
}
