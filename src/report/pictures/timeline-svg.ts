// The time line as a picture: one lane an event, bars from first to last sight.
import type { Severity } from '../../model/finding.ts';
import { clock, instant } from '../values.ts';
import { label, picture, round } from './svg.ts';

/** One lane. */
export interface TimelineEvent {
  readonly from: number;
  readonly to: number;
  readonly severity: Severity;
  readonly text: string;
  /** Who it is about, shown at the lane. */
  readonly who: string;
}

const width = 1000;
const left = 300;
const right = 20;
const laneHeight = 30;
const top = 34;

/** Steps between ticks, seconds: what a reader can count in. */
const steps = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Ticks between two instants, microseconds; at most about eight. */
function ticks(from: number, to: number): number[] {
  const seconds = (to - from) / 1e6;
  let step = steps.find((one) => seconds / one <= 8) ?? 86_400;
  while (seconds / step > 10) step *= 2;
  const micros = step * 1e6;
  const found: number[] = [];
  for (let at = Math.ceil(from / micros) * micros; at <= to && found.length < 20; at += micros) found.push(at);
  return found;
}

/** How a tick is written: with the date over days, with the fraction under a second. */
function tickText(at: number, span: number): string {
  if (span > 2 * 86_400e6) return instant(at).slice(5, 16);
  if (span > 8e6) return instant(at).slice(11);
  return clock(at);
}

/** The picture of these lanes, in the order given. */
export function timelineSvg(events: readonly TimelineEvent[], title: string): string {
  const first = Math.min(...events.map(({ from }) => from));
  const last = Math.max(...events.map(({ to }) => to));
  const margin = Math.max((last - first) * 0.02, 1000);
  const [from, to] = [first - margin, last + margin];
  const x = (at: number): number => left + ((at - from) / (to - from)) * (width - left - right);
  const height = top + events.length * laneHeight + 8;
  const grid = ticks(from, to)
    .map(
      (at) =>
        `<line class="grid" x1="${round(x(at))}" y1="${top - 8}" x2="${round(x(at))}" y2="${height - 6}"/><text class="tick" x="${round(x(at))}" y="14" text-anchor="middle">${tickText(at, to - from)}</text>`,
    )
    .join('');
  const lanes = events
    .map((event, i) => {
      const y = top + i * laneHeight;
      const start = x(event.from);
      const length = Math.max(x(event.to) - start, 5);
      return `<g><rect class="lane" x="0" y="${y}" width="${width}" height="${laneHeight - 2}"/><text class="lane-text" x="6" y="${y + 12}">${label(event.text, 46)}</text><text class="lane-who" x="6" y="${y + 24}">${label(event.who, 52)}</text><rect class="bar ${event.severity}" x="${round(start)}" y="${y + 5}" width="${round(length)}" height="${laneHeight - 12}" rx="3"><title>${label(`${event.text}: ${instant(event.from, true)} – ${instant(event.to, true)}`, 200)}</title></rect></g>`;
    })
    .join('');
  const description = events.map(({ text, who, from: at }) => `${instant(at)} ${who} ${text}`).join('; ');
  return picture('timeline', width, height, title, description, grid + lanes);
}
