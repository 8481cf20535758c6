// Times as people write them.
import { type EpochMicros, epochMicros } from './units.ts';

const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$/i;

/** ISO 8601 (`2026-11-20T14:03:00Z`, `2026-11-20 14:03`, `2026-11-20`); without a zone UTC is meant. Undefined for what is none. */
export function parseInstant(text: string): EpochMicros | undefined {
  const match = iso.exec(text.trim());
  if (match === null) return undefined;
  const [, day = '', time = '00:00', zone = 'Z'] = match;
  const [whole = '', fraction = ''] = (time.length === 5 ? `${time}:00` : time).split('.');
  const offset = /^utc$/i.test(zone) ? 'Z' : zone.toUpperCase();
  const millis = Date.parse(`${day}T${whole}${offset}`);
  // Date.parse takes 31 February for 3 March.
  const isDay = new Date(Date.parse(`${day}T00:00:00Z`)).toISOString().startsWith(day.slice(0, 10));
  return Number.isNaN(millis) || !isDay ? undefined : epochMicros(millis * 1000 + Number(fraction.padEnd(6, '0') || 0));
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** Seconds of `60s`, `15m`, `2h`, `400d`; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d)$/.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * (unitSeconds[match[2] ?? ''] ?? 1);
}
