// Texts of addresses, kept for those seen lately: a connection's rows share them.
import { formatIpv4, formatIpv6 } from '../../base/ip.ts';
import type { LocalNets } from './local-nets.ts';

const places = 4096;

/** One address with what is asked of it again and again. */
export interface KnownAddress {
  readonly text: string;
  readonly isLocal: boolean;
}

class Entry implements KnownAddress {
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
  readonly text: string;
  readonly isLocal: boolean;

  constructor(w0: number, w1: number, w2: number, w3: number, isLocal: boolean) {
    this.w0 = w0;
    this.w1 = w1;
    this.w2 = w2;
    this.w3 = w3;
    this.text = w0 === 0 && w1 === 0 && w2 === 0xffff ? formatIpv4(w3) : formatIpv6(w0, w1, w2, w3);
    this.isLocal = isLocal;
  }
}

/** A direct-mapped cache: an address takes the place of another with the same hash. */
export class AddressBook {
  readonly #entries = new Array<Entry | undefined>(places).fill(undefined);
  readonly #nets: LocalNets;

  constructor(nets: LocalNets) {
    this.#nets = nets;
  }

  /** Words as signed 32-bit integers. */
  look(w0: number, w1: number, w2: number, w3: number): KnownAddress {
    let place = Math.imul(w0 ^ Math.imul(w1, 31) ^ Math.imul(w2, 0x85ebca6b) ^ w3, 0x9e3779b1) >>> 20;
    place &= places - 1;
    const known = this.#entries[place];
    if (known !== undefined && known.w3 === w3 && known.w2 === w2 && known.w1 === w1 && known.w0 === w0) return known;
    const entry = new Entry(w0, w1, w2, w3, this.#nets.contains(w0, w1, w2, w3));
    this.#entries[place] = entry;
    return entry;
  }
}
