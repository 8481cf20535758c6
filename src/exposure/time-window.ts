// The hours in which packets may be sent. UTC: a night that summer time makes twice or not at all is no night to scan by.
import { VedetteError } from '../base/errors.ts';

/** From one minute of the day to another; over midnight when the end is before the start. */
export interface TimeWindow {
  readonly fromMinute: number;
  readonly toMinute: number;
}

const dayMinutes = 24 * 60;

function minuteOf(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d\d)$/.exec(text);
  const minute = Number(match?.[1]) * 60 + Number(match?.[2]);
  return match === null || Number(match[2]) > 59 || minute > dayMinutes ? undefined : minute % dayMinutes;
}

/** `01:00-05:00`. @throws {VedetteError} `usage` */
export function parseWindow(text: string): TimeWindow {
  const [from = '', to = '', ...rest] = text.split('-');
  const [fromMinute, toMinute] = [minuteOf(from.trim()), minuteOf(to.trim())];
  if (fromMinute === undefined || toMinute === undefined || fromMinute === toMinute || rest.length > 0) {
    throw new VedetteError('usage', {
      problem: `"${text}" is no time window`,
      advice: 'give two times of the day in UTC, such as 01:00-05:00',
    });
  }
  return { fromMinute, toMinute };
}

/** How long the window is still open, and how long until it opens, in milliseconds; one of them is 0. */
export function windowAt({ fromMinute, toMinute }: TimeWindow, at: Date): { readonly openMs: number; readonly untilOpenMs: number } {
  const now = at.getTime() % (dayMinutes * 60_000);
  const ahead = (minute: number): number => (minute * 60_000 - now + dayMinutes * 60_000) % (dayMinutes * 60_000);
  const length = (toMinute - fromMinute + dayMinutes) % dayMinutes;
  const since = (now - fromMinute * 60_000 + dayMinutes * 60_000) % (dayMinutes * 60_000);
  return since < length * 60_000 ? { openMs: ahead(toMinute), untilOpenMs: 0 } : { openMs: 0, untilOpenMs: ahead(fromMinute) };
}
