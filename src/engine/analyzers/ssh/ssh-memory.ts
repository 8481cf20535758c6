// What one engine remembers across SSH connections: offers of algorithms. A few programs make most of them, a kilobyte each.
import type { Bytes } from '../../../base/bytes.ts';
import { Memo } from '../../../base/memo.ts';
import type { Platform } from '../../platform.ts';
import { hasshOf, type Negotiated, negotiate, type Offer, offerOffset, readOffer } from './ssh-negotiation.ts';

/** Different offers that are kept, and the bytes of the longest. */
const maxOffers = 256;
const maxOfferBytes = 4096;

/** An offer and what was worked out from it, each when it is first asked for. */
export class KnownOffer {
  readonly #offer: Offer;
  #clientHash: string | undefined;
  #serverHash: string | undefined;
  #lastServer: KnownOffer | undefined;
  #lastOutcome: Negotiated | undefined;

  constructor(offer: Offer) {
    this.#offer = offer;
  }

  hassh(fromClient: boolean, platform: Platform): string {
    if (fromClient) {
      this.#clientHash ??= hasshOf(this.#offer, true, platform);
      return this.#clientHash;
    }
    this.#serverHash ??= hasshOf(this.#offer, false, platform);
    return this.#serverHash;
  }

  /** What this client and that server agree on. */
  negotiate(server: KnownOffer): Negotiated {
    if (this.#lastOutcome === undefined || this.#lastServer !== server) {
      this.#lastServer = server;
      this.#lastOutcome = negotiate(this.#offer, server.#offer);
    }
    return this.#lastOutcome;
  }
}

export class SshMemory {
  /** By the bytes of the offer, one character each. */
  readonly #offers = new Memo<string, KnownOffer>(maxOffers);

  /** The offer of a KEXINIT that begins after its message number; undefined when it is cut or malformed. */
  offer(bytes: Bytes, start: number, end: number): KnownOffer | undefined {
    const isKept = end - start <= maxOfferBytes;
    const key = isKept ? bytes.latin1(Math.min(start + offerOffset, end), end) : '';
    const known = isKept ? this.#offers.get(key) : undefined;
    if (known !== undefined) return known;
    const offer = readOffer(bytes, start, end);
    if (offer === undefined) return undefined;
    const made = new KnownOffer(offer);
    return isKept ? this.#offers.set(key, made) : made;
  }
}
