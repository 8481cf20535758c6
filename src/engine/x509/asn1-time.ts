// UTCTime and GeneralizedTime. RFC 5280 §4.1.2.5, with the leniencies that Zeek 8.2.2 shows.
import { type EpochMicros, epochMicros } from '../../base/units.ts';
import type { DerReader } from './der.ts';
import { DerTag } from './der.ts';

const digit = (text: string, i: number): number => text.charCodeAt(i) - 0x30;
const pair = (text: string, i: number): number => digit(text, i) * 10 + digit(text, i + 1);

/** Seconds that a suffix like `+0130` names; undefined when it is none. Zeek counts the hours as minutes here, which is kept out. */
function zoneSeconds(suffix: string): number | undefined {
  if (suffix === '' || suffix[0] === 'Z') return 0;
  const zone = /^([+-])(\d\d)(\d\d)/.exec(suffix);
  if (zone === null) return undefined;
  const seconds = Number(zone[2]) * 3600 + Number(zone[3]) * 60;
  return zone[1] === '-' ? seconds : -seconds;
}

/** A four-digit year, the rest of the time from the month on. */
const expanded = (tag: number, text: string): string | undefined => {
  if (tag === DerTag.generalizedTime) return text.length < 12 || text.length > 23 ? undefined : text;
  if (tag !== DerTag.utcTime || text.length < 11 || text.length > 17 || !text.endsWith('Z')) return undefined;
  return `${text.charCodeAt(0) < 0x35 ? '20' : '19'}${text}`;
};

/** The instant of the current element; 1970-01-01T00:00:00Z when it is no time, as Zeek prints it. */
export function readTime(element: DerReader): EpochMicros {
  let text = '';
  for (let i = element.contentStart; i < element.contentEnd && text.length < 32; i++) {
    text += String.fromCharCode(element.bytes[i] ?? 0);
  }
  const full = expanded(element.tag, text);
  if (full === undefined || !/^\d{12}/.test(full)) return epochMicros(0);
  const rest = /^(\d\d)?(?:\.\d*)?(.*)$/s.exec(full.slice(12));
  const zone = zoneSeconds(rest?.[2] ?? '');
  if (zone === undefined) return epochMicros(0);
  const year = pair(full, 0) * 100 + pair(full, 2);
  const millis = Date.UTC(year, pair(full, 4) - 1, pair(full, 6), pair(full, 8), pair(full, 10), Number(rest?.[1] ?? 0));
  return epochMicros((millis + zone * 1000) * 1000);
}
