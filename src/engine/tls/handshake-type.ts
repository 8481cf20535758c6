// Handshake message types and their letters in ssl_history, as Zeek 8.2.2 writes them. IANA: TLS HandshakeType.

export const HandshakeType = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  clientKeyExchange: 16,
  certificateStatus: 22,
} as const;

const letters: ReadonlyMap<number, string> = new Map([
  [0, 'h'], // hello_request
  [1, 'c'], // client_hello
  [2, 's'], // server_hello
  [3, 'v'], // hello_verify_request
  [4, 't'], // new_session_ticket
  [5, 'e'], // end_of_early_data
  [6, 'j'], // hello_retry_request
  [8, 'o'], // encrypted_extensions
  [11, 'x'], // certificate
  [12, 'k'], // server_key_exchange
  [13, 'r'], // certificate_request
  [14, 'n'], // server_hello_done
  [15, 'y'], // certificate_verify
  [16, 'g'], // client_key_exchange
  [20, 'f'], // finished
  [21, 'w'], // certificate_url
  [22, 'u'], // certificate_status
  [23, 'a'], // supplemental_data
  [24, 'p'], // key_update
  [254, 'm'], // message_hash
]);

/** Lower-case letter; `z` for a type that has none. */
export const historyLetter = (type: number): string => letters.get(type) ?? 'z';

/** Messages that may stand in clear; any other one means that this is not what it seems. */
const known = new Set([0, 1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 20, 21, 22]);

export const isKnownMessage = (type: number): boolean => known.has(type);
