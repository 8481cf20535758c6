// Algorithm negotiation: what each end offers (KEXINIT) and what follows from both offers. RFC 4253 §7.1.
import type { Bytes } from '../../../base/bytes.ts';
import type { Platform } from '../../platform.ts';

/** The name-lists of one KEXINIT, as sent. */
export interface Offer {
  readonly kex: string;
  readonly hostKey: string;
  readonly cipherToServer: string;
  readonly cipherToClient: string;
  readonly macToServer: string;
  readonly macToClient: string;
  readonly compressionToServer: string;
  readonly compressionToClient: string;
}

/** What both ends will use, in the words of ssh.log. */
export interface Negotiated {
  readonly kex: string;
  readonly hostKey: string;
  readonly cipher: string;
  readonly mac: string;
  readonly compression: string;
}

/** What ssh.log says where the ends have nothing in common. */
const failed = 'Algorithm negotiation failed';
/** Where the lists begin, behind the cookie. */
export const offerOffset = 16;
const listCount = 8;
const encoder = new TextEncoder();

/** Reads the name-lists of a KEXINIT that begins after its message number; undefined when it is cut or malformed. */
export function readOffer(bytes: Bytes, start: number, end: number): Offer | undefined {
  const lists: string[] = [];
  let at = start + offerOffset;
  for (let i = 0; i < listCount; i++) {
    if (at + 4 > end) return undefined;
    const length = bytes.view.getUint32(at);
    at += 4;
    if (length > end - at) return undefined;
    lists.push(bytes.text(at, at + length));
    at += length;
  }
  const [kex = '', hostKey = '', cipherToServer = '', cipherToClient = '', macToServer = '', macToClient = ''] = lists;
  const [compressionToServer = '', compressionToClient = ''] = lists.slice(6);
  return { kex, hostKey, cipherToServer, cipherToClient, macToServer, macToClient, compressionToServer, compressionToClient };
}

/** The client's first choice that the server offers too. */
function firstCommon(client: string, server: string): string {
  const offered = `,${server},`;
  // Most often the first one is; lists are up to a kilobyte.
  for (let from = 0; from <= client.length; ) {
    const comma = client.indexOf(',', from);
    const to = comma < 0 ? client.length : comma;
    const name = client.slice(from, to);
    if (offered.includes(`,${name},`)) return name;
    from = to + 1;
  }
  return failed;
}

function bothDirections(toServer: string, toClient: string): string {
  return toServer === toClient ? toServer : `To server: ${toServer}, to client: ${toClient}`;
}

/** What two offers lead to; the client's order decides. */
export const negotiate = (client: Offer, server: Offer): Negotiated => ({
  kex: firstCommon(client.kex, server.kex),
  hostKey: firstCommon(client.hostKey, server.hostKey),
  cipher: bothDirections(
    firstCommon(client.cipherToServer, server.cipherToServer),
    firstCommon(client.cipherToClient, server.cipherToClient),
  ),
  mac: bothDirections(firstCommon(client.macToServer, server.macToServer), firstCommon(client.macToClient, server.macToClient)),
  compression: bothDirections(
    firstCommon(client.compressionToServer, server.compressionToServer),
    firstCommon(client.compressionToClient, server.compressionToClient),
  ),
});

/** HASSH: MD5 over what one end offers for sending. https://github.com/salesforce/hassh */
export function hasshOf(offer: Offer, fromClient: boolean, platform: Platform): string {
  const parts = fromClient
    ? [offer.kex, offer.cipherToServer, offer.macToServer, offer.compressionToServer]
    : [offer.kex, offer.cipherToClient, offer.macToClient, offer.compressionToClient];
  const text = encoder.encode(parts.join(';'));
  return platform.digestOf('md5', text, 0, text.length);
}
