// Watches the records of one analysis for what the report shows beside the findings. Bounded whatever comes.
import { inAny, privateRanges, remembered } from '../../base/address-class.ts';
import { type Cidr, inCidr, parseAddress } from '../../base/ip.ts';
import type { RecordName, RecordRow, RecordSink } from '../../model/records/index.ts';
import { Connections, isMidstream } from './connections.ts';
import { Downloads } from './downloads.ts';
import { Names } from './names.ts';
import type { Coverage, Observations } from './observations.ts';
import { Requests } from './requests.ts';

const addressMemory = 1 << 14;
const maxShownNames = 60;
const maxEndpointsKept = 200;

/** Services whose content cannot be read. */
const encrypted = /(?:^|,)(?:ssl|quic|ssh|dtls|tls|ipsec|wireguard|openvpn)(?:,|$)/i;

export interface ObserverOptions {
  /** Ranges that are ours besides the private ones. */
  readonly local: readonly Cidr[];
  readonly known: readonly { readonly label: string; readonly range: Cidr }[];
  /** Whether the inventory has the address. */
  readonly owns?: ((address: string) => boolean) | undefined;
}

/** A sink; ask `observations` at the end. */
export class Observer implements RecordSink {
  readonly isOurs: (address: string) => boolean;
  readonly knownAs: (address: string) => string | undefined;
  readonly #connections: Connections;
  readonly #downloads: Downloads;
  readonly #names = new Names();
  readonly #requests = new Requests();
  readonly #rows: Record<string, number> = {};
  readonly #coverage: Omit<Coverage, 'rows'> = {
    ...{ connections: 0, bytes: 0, encryptedBytes: 0, encryptedConnections: 0, missedBytes: 0 },
    ...{ unrecognised: 0, midstream: 0, carriers: 0, duplicatePackets: 0, encryptedDns: 0 },
  };

  constructor({ local, known, owns }: ObserverOptions) {
    const isInRanges = remembered(addressMemory, (words) => inAny(privateRanges, words) || inAny(local, words));
    this.isOurs = owns === undefined ? isInRanges : (address) => isInRanges(address) || owns(address);
    this.knownAs = (address) => {
      const words = known.length === 0 ? undefined : parseAddress(address);
      return words && known.find(({ range }) => inCidr(range, ...words))?.label;
    };
    this.#connections = new Connections(this.knownAs);
    this.#downloads = new Downloads(this.isOurs);
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.#rows[name] = (this.#rows[name] ?? 0) + 1;
    // The compiler cannot join `name` with `row`; each case holds what the contract of the sink promises.
    const any = row as unknown;
    switch (name) {
      case 'conn':
        this.#conn(any as RecordRow<'conn'>);
        break;
      case 'open_conn':
        this.#connections.noteOpen(any as RecordRow<'open_conn'>);
        break;
      case 'http':
        this.#http(any as RecordRow<'http'>);
        break;
      case 'dns':
        this.#names.take(any as RecordRow<'dns'>);
        break;
      case 'files':
        this.#downloads.takeFile(any as RecordRow<'files'>);
        break;
      case 'ssl':
      case 'quic': {
        const tls = any as RecordRow<'ssl'>;
        this.#names.name(tls['id.resp_h'], tls.server_name);
        break;
      }
      default:
    }
  }

  observations(): Observations {
    return {
      longest: this.#connections.longest(),
      longestKnown: this.#connections.longestKnown(),
      longestPairs: this.#connections.longestPairs(),
      pairs: this.#connections.pairs(),
      endpoints: this.#requests.endpoints(maxEndpointsKept),
      requests: this.#requests.count,
      names: this.#names.asked(maxShownNames),
      nameCount: this.#names.count,
      downloads: this.#downloads.downloads(),
      downloadCount: this.#downloads.count,
      nameOf: this.#names.nameOf,
      coverage: { ...this.#coverage, rows: this.#rows },
      dropped: this.#connections.dropped + this.#requests.dropped + this.#names.dropped,
    };
  }

  #http(row: RecordRow<'http'>): void {
    this.#requests.take(row);
    this.#downloads.takeRequest(row);
    this.#names.name(row['id.resp_h'], row.host?.replace(/:\d+$/, ''));
  }

  #conn(row: RecordRow<'conn'>): void {
    const coverage = this.#coverage;
    coverage.duplicatePackets += row.duplicate_pkts ?? 0;
    // What carries a tunnel is the network's, and what it carries is counted on its own.
    if (row.carrier === true) {
      coverage.carriers++;
      return;
    }
    this.#connections.take(row);
    const bytes = (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0);
    coverage.connections++;
    coverage.bytes += bytes;
    coverage.missedBytes += row.missed_bytes;
    if (row.service !== undefined && encrypted.test(row.service)) {
      coverage.encryptedConnections++;
      coverage.encryptedBytes += bytes;
    } else if (row.service === undefined && bytes > 0) coverage.unrecognised++;
    if (isMidstream(row)) coverage.midstream++;
    if (row['id.resp_p'] === 853) coverage.encryptedDns++;
  }
}
