// Which addresses a host name had, and which machines asked for it: payloads may name a host, connections only have addresses.
import type { DnsRecord } from '../../../model/records/dns.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import { isAddressText } from '../../payload/callback-host.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';

const maxNames = 50_000;
const maxAddresses = 32;
const maxAskers = 32;

interface SeenName {
  readonly addresses: Set<string>;
  /** When each machine asked last, microseconds since the epoch, and in which row. */
  readonly askers: Map<string, { readonly at: number; readonly uid: string }>;
}

export class NamesSeen {
  readonly #names = new BoundedMap<string, SeenName>(maxNames);

  noteDns(row: DnsRecord): void {
    if (row.query === undefined || row.query.endsWith('.arpa')) return;
    const seen = this.#seen(row.query, row.context);
    const asker = row['id.orig_h'];
    if (seen.askers.size < maxAskers || seen.askers.has(asker)) seen.askers.set(asker, { at: row.ts, uid: row.uid });
    for (const answer of row.answers ?? []) if (seen.addresses.size < maxAddresses && isAddressText(answer)) seen.addresses.add(answer);
  }

  /** The Host header of a request tells the name of its server as well. */
  noteHttp(row: HttpRecord): void {
    const name = row.host?.replace(/:\d{1,5}$/, '').toLowerCase();
    if (name === undefined || name.length > 253 || isAddressText(name)) return;
    const { addresses } = this.#seen(name, row.context);
    if (addresses.size < maxAddresses) addresses.add(row['id.resp_h']);
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
