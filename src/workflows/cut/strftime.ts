// strftime(3) in the C locale, with glibc's flags: what zeek-cut prints times with. POSIX.1-2024, strftime.

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** An instant taken apart in one zone. */
interface BrokenTime {
  readonly seconds: number;
  readonly year: number;
  /** 0 to 11. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 0 to 365. */
  readonly yearDay: number;
  /** Minutes east of UTC. */
  readonly offset: number;
  readonly zone: string;
}

/** Abbreviation of the local zone as tzdata has it, where some English locale knows it; else its offset, as tzdata does for others. */
function zoneName(date: Date, offset: number): string {
  for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA']) {
    const part = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(date).find(({ type }) => type === 'timeZoneName');
    if (part !== undefined && /^[A-Z]{3,5}$/.test(part.value)) return part.value;
  }
  const text = zoneOffset(offset);
  return text.endsWith('00') ? text.slice(0, 3) : text;
}

/** `+0100` */
function zoneOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`;
}

function breakDown(seconds: number, isUtc: boolean): BrokenTime {
  const at = new Date(seconds * 1000);
  const offset = isUtc ? 0 : -at.getTimezoneOffset();
  const wall = new Date(seconds * 1000 + offset * 60_000);
  const year = wall.getUTCFullYear();
  return {
    ...{ seconds, year, month: wall.getUTCMonth(), day: wall.getUTCDate(), weekday: wall.getUTCDay() },
    ...{ hour: wall.getUTCHours(), minute: wall.getUTCMinutes(), second: wall.getUTCSeconds() },
    yearDay: Math.round((Date.UTC(year, wall.getUTCMonth(), wall.getUTCDate()) - Date.UTC(year, 0, 1)) / 86_400_000),
    ...{ offset, zone: isUtc ? 'GMT' : zoneName(at, offset) },
  };
}

/** ISO 8601 week and the year it belongs to. */
function isoWeek({ year, yearDay, weekday }: BrokenTime): { week: number; year: number } {
  const monday = (weekday + 6) % 7;
  const week = Math.floor((yearDay - monday + 10) / 7);
  if (week < 1) return { week: weeksOf(year - 1), year: year - 1 };
  return week > weeksOf(year) ? { week: 1, year: year + 1 } : { week, year };
}

/** 53 for years that begin on a Thursday, and leap years that begin on a Wednesday. */
function weeksOf(year: number): number {
  const first = new Date(Date.UTC(year, 0, 1)).getUTCDay();
  const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  return first === 4 || (first === 3 && isLeap) ? 53 : 52;
}

type Conversion = (time: BrokenTime) => string | { readonly value: number; readonly width: number; readonly pad?: string };

const number = (value: number, width: number, pad = '0'): { value: number; width: number; pad: string } => ({ value, width, pad });
const hour12 = ({ hour }: BrokenTime): number => hour % 12 || 12;
const composed =
  (format: string): Conversion =>
  (time) =>
    expand(format, time);

const conversions: Readonly<Record<string, Conversion>> = {
  a: ({ weekday }) => (days[weekday] ?? '').slice(0, 3),
  A: ({ weekday }) => days[weekday] ?? '',
  b: ({ month }) => (months[month] ?? '').slice(0, 3),
  B: ({ month }) => months[month] ?? '',
  c: composed('%a %b %e %H:%M:%S %Y'),
  C: ({ year }) => number(Math.floor(year / 100), 2),
  d: ({ day }) => number(day, 2),
  D: composed('%m/%d/%y'),
  e: ({ day }) => number(day, 2, ' '),
  F: composed('%Y-%m-%d'),
  g: (time) => number(isoWeek(time).year % 100, 2),
  G: (time) => number(isoWeek(time).year, 1),
  h: ({ month }) => (months[month] ?? '').slice(0, 3),
  H: ({ hour }) => number(hour, 2),
  I: (time) => number(hour12(time), 2),
  j: ({ yearDay }) => number(yearDay + 1, 3),
  k: ({ hour }) => number(hour, 2, ' '),
  l: (time) => number(hour12(time), 2, ' '),
  m: ({ month }) => number(month + 1, 2),
  M: ({ minute }) => number(minute, 2),
  n: () => '\n',
  p: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  P: ({ hour }) => (hour < 12 ? 'am' : 'pm'),
  r: composed('%I:%M:%S %p'),
  R: composed('%H:%M'),
  s: ({ seconds }) => number(seconds, 1),
  S: ({ second }) => number(second, 2),
  t: () => '\t',
  T: composed('%H:%M:%S'),
  u: ({ weekday }) => number(weekday || 7, 1),
  U: ({ yearDay, weekday }) => number(Math.floor((yearDay + 7 - weekday) / 7), 2),
  V: (time) => number(isoWeek(time).week, 2),
  w: ({ weekday }) => number(weekday, 1),
  W: ({ yearDay, weekday }) => number(Math.floor((yearDay + 7 - ((weekday + 6) % 7)) / 7), 2),
  x: composed('%m/%d/%y'),
  X: composed('%H:%M:%S'),
  y: ({ year }) => number(year % 100, 2),
  Y: ({ year }) => number(year, 1),
  z: ({ offset }) => zoneOffset(offset),
  Z: ({ zone }) => zone,
  '%': () => '%',
};

/** Padding by flag: `-` none, `_` spaces, `0` zeros. */
function padded(value: number, width: number, pad: string): string {
  return pad === '' ? String(value) : String(value).padStart(width, pad);
}

const pads: Readonly<Record<string, string>> = { '-': '', _: ' ', '0': '0' };

/** Last padding flag of a conversion; undefined for the conversion's own. */
const padOf = (flags: string): string | undefined => pads[[...flags].reverse().find((flag) => flag in pads) ?? ''];

/** `^` upper case; `#` the other case, which is lower for what is upper by itself. */
function withCase(text: string, flags: string, letter: string): string {
  if (flags.includes('^')) return text.toUpperCase();
  if (!flags.includes('#')) return text;
  return letter === 'Z' || letter === 'p' ? text.toLowerCase() : text.toUpperCase();
}

function expand(format: string, time: BrokenTime): string {
  return format.replace(/%([-_0^#]*)(\d*)[EO]?(.)/gsu, (whole, flags: string, digits: string, letter: string) => {
    const made = conversions[letter]?.(time);
    if (made === undefined) return whole;
    // A width beyond what zeek-cut's buffer takes is none.
    const width = Math.min(Number(digits), 1000);
    const pad = padOf(flags);
    const text =
      typeof made === 'string' ? made.padStart(width, pad || ' ') : padded(made.value, Math.max(made.width, width), pad ?? made.pad ?? '0');
    return withCase(text, flags, letter);
  });
}

/** The text of an instant (seconds since the epoch), in UTC or in the zone of the process. */
export const strftime = (format: string, seconds: number, isUtc: boolean): string => expand(format, breakDown(seconds, isUtc));
