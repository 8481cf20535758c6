// Numbers, sizes, spans and instants as a reader of a language expects them. No locale of the machine is asked.
import { epochMicros, formatInstant } from '../base/units.ts';

/** Languages of reports. */
export type Language = 'en' | 'nb';

const marks: Readonly<Record<Language, { readonly group: string; readonly point: string }>> = {
  en: { group: ',', point: '.' },
  nb: { group: '\u00a0', point: ',' },
};

/** Writes values in one language. */
export class Values {
  readonly #marks: (typeof marks)[Language];

  constructor(language: Language) {
    this.#marks = marks[language];
  }

  /** `12,345.6`; at most `digits` decimals, no trailing zeros. */
  number(value: number, digits = 0): string {
    if (!Number.isFinite(value)) return '–';
    const [whole = '0', fraction = ''] = Math.abs(value).toFixed(digits).split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, this.#marks.group);
    const decimals = fraction.replace(/0+$/, '');
    return `${value < 0 ? '−' : ''}${grouped}${decimals === '' ? '' : this.#marks.point + decimals}`;
  }

  /** `1.4 GB`, powers of 1000. */
  bytes(value: number): string {
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
    let scaled = value;
    let unit = 0;
    while (scaled >= 1000 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return `${this.number(scaled, unit === 0 || scaled >= 100 ? 0 : 1)} ${units[unit]}`;
  }

  /** `0.25 s`, `46 s`, `7 min 49 s`, `3 h 12 min`, `2 d 4 h`. */
  span(seconds: number): string {
    if (seconds < 10) return `${this.number(seconds, seconds < 1 ? 3 : 2)} s`;
    if (seconds < 60) return `${this.number(seconds, 1)} s`;
    const whole = Math.round(seconds);
    if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
    if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
    return `${this.number(Math.floor(whole / 86_400))} d ${Math.floor((whole % 86_400) / 3600)} h`;
  }

  /** A confidence, 0 to 1: never 100 % unless it is whole. */
  confidence(value: number): string {
    return value < 1 ? `${Math.min(99, Math.round(value * 100))} %` : '100 %';
  }

  percent(share: number): string {
    return `${this.number(share * 100, share > 0 && share < 0.1 ? 1 : 0)} %`;
  }
}

/** `2023-03-05 20:38:41` (UTC), with milliseconds where asked. */
export const instant = (micros: number, precise = false): string =>
  formatInstant(epochMicros(micros))
    .slice(0, precise ? 23 : 19)
    .replace('T', ' ');

/** `20:38:41.123` (UTC). */
export const clock = (micros: number): string => formatInstant(epochMicros(micros)).slice(11, 23);
