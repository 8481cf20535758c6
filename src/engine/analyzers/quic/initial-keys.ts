// Keys of QUIC's Initial packets, which anyone can derive. RFC 9001 §5.2, RFC 9369 §3.3, and the drafts before them.
import type { Platform } from '../../platform.ts';

export interface PacketKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerProtection: Uint8Array;
}

const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const saltV1 = fromHex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a');
const saltV2 = fromHex('0dede3def700a6db819381be6e269dcbf9bd2ed9');
const saltDraft29 = fromHex('afbfec289993d24c9e9786f19c6111e04390a899');
const saltDraft23 = fromHex('c3eef712c72ebb5a11a7d2432bb46365bef9f502');
const saltDraft22 = fromHex('7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a');

export const quicVersion1 = 0x00000001;
export const quicVersion2 = 0x6b3343cf;

/** `ff0000NN`: draft NN. Those from 22 on are read. */
const isDraft = (version: number, from: number, to: number): boolean => version >= 0xff000000 + from && version <= 0xff000000 + to;
/** Facebook's mvfst. */
const mvfst = new Map([
  [0xfaceb001, saltDraft22],
  [0xfaceb002, saltDraft23],
  [0xfaceb00e, saltDraft23],
  [0xfaceb011, saltDraft23],
  [0xfaceb012, saltDraft23],
  [0xfaceb013, saltDraft23],
]);

/** Salt of a version; undefined for one that is not read. */
export function initialSalt(version: number): Uint8Array | undefined {
  if (version === quicVersion1 || isDraft(version, 33, 34)) return saltV1;
  if (version === quicVersion2) return saltV2;
  if (isDraft(version, 29, 32)) return saltDraft29;
  if (isDraft(version, 23, 28)) return saltDraft23;
  return isDraft(version, 22, 22) ? saltDraft22 : mvfst.get(version);
}

/** HKDF-Expand-Label with an empty context and at most 32 bytes of output: one block of HMAC. RFC 8446 §7.1, RFC 5869 §2.3. */
function expandLabel(platform: Platform, secret: Uint8Array, label: string, length: number): Uint8Array {
  const text = `tls13 ${label}`;
  const info = new Uint8Array(text.length + 5);
  info[1] = length;
  info[2] = text.length;
  for (let i = 0; i < text.length; i++) info[3 + i] = text.charCodeAt(i);
  info[info.length - 1] = 1; // block counter of HKDF, behind the empty context's length
  return platform.hmacSha256(secret, info).subarray(0, length);
}

function packetKeys(platform: Platform, initialSecret: Uint8Array, side: 'client in' | 'server in', prefix: string): PacketKeys {
  const secret = expandLabel(platform, initialSecret, side, 32);
  return {
    key: expandLabel(platform, secret, `${prefix} key`, 16),
    iv: expandLabel(platform, secret, `${prefix} iv`, 12),
    headerProtection: expandLabel(platform, secret, `${prefix} hp`, 16),
  };
}

/** The keys of one connection. Those of a side are derived when it is read first: many servers are never seen. */
export class InitialKeys {
  readonly #platform: Platform;
  readonly #secret: Uint8Array;
  readonly #prefix: string;
  #client: PacketKeys | undefined;
  #server: PacketKeys | undefined;

  /** @param connectionId the destination connection id of the client's first Initial packet. */
  constructor(platform: Platform, salt: Uint8Array, version: number, connectionId: Uint8Array) {
    this.#platform = platform;
    this.#secret = platform.hmacSha256(salt, connectionId);
    this.#prefix = version === quicVersion2 ? 'quicv2' : 'quic';
  }

  get client(): PacketKeys {
    this.#client ??= packetKeys(this.#platform, this.#secret, 'client in', this.#prefix);
    return this.#client;
  }

  get server(): PacketKeys {
    this.#server ??= packetKeys(this.#platform, this.#secret, 'server in', this.#prefix);
    return this.#server;
  }
}
