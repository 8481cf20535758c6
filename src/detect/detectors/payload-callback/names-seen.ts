// Which addresses a host name had, and which machines asked for it: payloads may name a host, connections only have addresses.
import type { DnsRecord } from '../../../model/records/dns.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import type { DetectionHost } from '../../detector.ts';
import { isAddressText } from '../../payload/callback-host.ts';
import type { BoundedMap } from '../../stats/bounded-map.ts';
import { day } from '../../stats/record-clock.ts';

const maxNames = 20_000;
const maxAddresses = 32;
const maxAskers = 32;
/** Longer than payloads are remembered. */
const memorySeconds = 2 * day;

interface SeenName {
  /** The latest. */
  readonly addresses: Set<string>;
  /** When each machine asked last, microseconds since the epoch, and in which row; the latest. */
  readonly askers: Map<string, { readonly at: number; readonly uid: string }>;
}

export class NamesSeen {
  readonly #names: BoundedMap<string, SeenName>;

  constructor(host: DetectionHost) {
    this.#names = host.newTextMap(maxNames, { afterSeconds: memorySeconds });
  }

  noteDns(row: DnsRecord): void {
    if (row.query === undefined || row.query.endsWith('.arpa')) return;
    const seen = this.#seen(row.query, row.context);
    const asker = row['id.orig_h'];
    seen.askers.delete(asker);
    forgetAskers(seen, row.ts);
    seen.askers.set(asker, { at: row.ts, uid: row.uid });
    for (const answer of row.answers ?? []) if (isAddressText(answer)) noteAddress(seen, answer);
  }

  /** The Host header of a request tells the name of its server as well. */
  noteHttp(row: HttpRecord): void {
    const name = row.host?.replace(/:\d{1,5}$/, '').toLowerCase();
    if (name === undefined || name.length > 253 || isAddressText(name)) return;
    noteAddress(this.#seen(name, row.context), row['id.resp_h']);
  }

  addresses(name: string, context: string | undefined): Iterable<string> {
    return this.#names.peek(`${context ?? ''}|${name}`)?.addresses ?? [];
  }

  askedBy(name: string, machine: string, context: string | undefined): { readonly at: number; readonly uid: string } | undefined {
    return this.#names.peek(`${context ?? ''}|${name}`)?.askers.get(machine);
  }

  #seen(name: string, context: string | undefined): SeenName {
    return this.#names.ensure(`${context ?? ''}|${name.toLowerCase().replace(/\.$/, '')}`, () => ({
      addresses: new Set(),
      askers: new Map(),
    }));
  }
}

/** What asked too long ago goes, and the first when there are too many for another. */
function forgetAskers({ askers }: SeenName, now: number): void {
  for (const [asker, { at }] of askers) {
    if (askers.size < maxAskers && now - at <= memorySeconds * 1e6) return;
    askers.delete(asker);
  }
}

function noteAddress({ addresses }: SeenName, address: string): void {
  addresses.add(address);
  if (addresses.size <= maxAddresses) return;
  const [oldest] = addresses;
  if (oldest !== undefined) addresses.delete(oldest);
}
