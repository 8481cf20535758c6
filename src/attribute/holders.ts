// Everyone who held an address, a MAC or a port, over all the time that the inventory covers.
import type { EpochMicros } from '../base/units.ts';
import type { Candidate } from '../model/attribution.ts';
import { addressKey, macKey } from './address-key.ts';
import type { Attributor } from './attributor.ts';
import type { Span } from './coverage.ts';

/** One holder from when to when. Times are those of readings: the changes happened between two of them. */
export interface Holding {
  readonly who: Candidate;
  readonly from: EpochMicros;
  readonly to?: EpochMicros;
  /** Last reading before `from`, which did not show it; undefined when `from` is the first reading. */
  readonly absentAt?: EpochMicros;
  /** Last reading before `to`, which still showed it. */
  readonly lastHeldAt?: EpochMicros;
}

/** Spans of everything that has to do with the text: an address, a MAC, the id of a port or of a device. */
function spansAbout(attributor: Attributor, text: string): readonly Span[] {
  const { index } = attributor.asOf;
  const address = addressKey(text);
  if (address !== undefined) return index.claims(address).map(({ span }) => span);
  const mac = macKey(text);
  if (mac !== undefined) return index.byMac.get(mac) ?? [];
  return index.byPort.get(text) ?? index.byDevice.get(text) ?? [];
}

/** One entry for each holder and span, oldest first. */
export function holdings(attributor: Attributor, text: string, context?: string): readonly Holding[] {
  const found = new Map<string, Holding>();
  for (const span of spansAbout(attributor, text)) {
    for (const holding of holdersDuring(attributor, span, text, context)) {
      const { who, from, to } = holding;
      found.set(`${who.kind}|${who.id}|${who.portId ?? ''}|${from}|${to ?? ''}`, holding);
    }
  }
  const end = ({ to }: Holding): number => to ?? Number.POSITIVE_INFINITY;
  return [...found.values()].sort((a, b) => a.from - b.from || end(a) - end(b) || (a.who.name < b.who.name ? -1 : 1));
}

function holdersDuring(attributor: Attributor, span: Span, text: string, context: string | undefined): Holding[] {
  const about = addressKey(text) !== undefined ? { address: text } : macKey(text) !== undefined ? { mac: text } : macOf(span);
  const { candidates } = attributor.attribute({ at: span.from, ...about, ...(context !== undefined && { context }) });
  const { absentAt, lastHeldAt } = attributor.asOf.coverage.edges(span);
  return candidates
    .filter(({ from, to }) => from <= span.from && (to === undefined || to > span.from))
    .map((who) => ({
      ...{ who, from: span.from },
      ...(span.to !== undefined && { to: span.to }),
      ...(absentAt !== undefined && { absentAt }),
      ...(span.to !== undefined && lastHeldAt !== undefined && { lastHeldAt }),
    }));
}

/** Of a port that was asked for by its id, the MAC. */
function macOf(span: Span): { readonly mac?: string } {
  const value = (span as { value?: { mac?: string } }).value;
  return value?.mac === undefined ? {} : { mac: value.mac };
}
