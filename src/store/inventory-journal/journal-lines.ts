// The lines of a journal: NDJSON, each with a checksum of what it says. `{"crc":"xxxxxxxx","is":…}`
import { crc32 } from 'node:zlib';
import type { EpochMicros } from '../../base/units.ts';
import type { InventoryGap, InventoryKind, InventoryReading } from '../../model/inventory.ts';
import { inventoryKinds } from '../../model/inventory.ts';
import type { AnyItem, InventoryChange } from '../../model/inventory-timeline.ts';

/** Version of the format, in the first line. */
export const journalVersion = 1;

/** What a line says. Keys are short because there are many lines. */
export type Entry =
  | { readonly journal: number; readonly cloud: string }
  /** A change; `t` is its time where it is not that of the reading. */
  | { readonly k: InventoryKind; readonly t: number; readonly v?: AnyItem; readonly x?: 'gone' | 'unseen' | 'seen'; readonly id?: string }
  /** End of a reading; what comes after the last one was never finished. `c` are the kinds that are complete. */
  | { readonly r: number; readonly c: readonly number[]; readonly g?: readonly InventoryGap[] };

const prefix = '{"crc":"';
const middle = '","is":';
const bodyStart = prefix.length + 8 + middle.length;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

/** A line with its end. */
export function lineOf(entry: Entry): string {
  const body = JSON.stringify(entry);
  return `${prefix}${checksum(body)}${middle}${body}}\n`;
}

/** What the line (without its end) says; undefined when it is damaged. */
export function entryOf(line: string): Entry | undefined {
  if (!line.startsWith(prefix) || !line.endsWith('}')) return undefined;
  const body = line.slice(bodyStart, -1);
  if (line.slice(prefix.length, prefix.length + 8) !== checksum(body)) return undefined;
  try {
    return JSON.parse(body) as Entry;
  } catch {
    return undefined;
  }
}

/** A change as an entry. */
export const entryOfChange = (change: InventoryChange): Entry =>
  change.change === 'set'
    ? { k: change.kind, t: change.at, v: change.value }
    : { k: change.kind, t: change.at, x: change.change, id: change.id };

/** The end of a reading as an entry. */
export const entryOfReading = ({ at, complete, gaps }: InventoryReading): Entry => ({
  r: at,
  c: complete.map((kind) => inventoryKinds.indexOf(kind)),
  ...(gaps.length > 0 && { g: gaps }),
});

/** An entry as what it was made from; undefined for the first line and for what another version wrote. */
export function contentOf(entry: Entry): InventoryChange | InventoryReading | undefined {
  if ('r' in entry) {
    return {
      at: entry.r as EpochMicros,
      complete: entry.c.flatMap((index) => inventoryKinds[index] ?? []),
      gaps: entry.g ?? [],
    };
  }
  if (!('k' in entry) || !inventoryKinds.includes(entry.k)) return undefined;
  const at = entry.t as EpochMicros;
  if (entry.v !== undefined) return { kind: entry.k, at, change: 'set', value: entry.v };
  return entry.x === undefined || entry.id === undefined ? undefined : { kind: entry.k, at, change: entry.x, id: entry.id };
}
