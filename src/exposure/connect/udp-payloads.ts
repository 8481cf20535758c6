// What to send to a UDP port so that its usual service answers: harmless questions, each as short as its protocol allows.
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** `version.bind` CH TXT: every name server may answer it, no recursion is asked for. RFC 1035 §4.1, RFC 4892. */
const dns = Uint8Array.from([...[0x56, 0x44, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], 7, ...ascii('version'), 4, ...ascii('bind'), 0, 0, 16, 0, 3]);
/** NTP version 4, client mode. RFC 5905 §7.3. */
const ntp = Uint8Array.from([0x23, ...new Array<number>(47).fill(0)]);
/** SNMP v1 get of sysDescr with the community `public`. RFC 1157. */
const snmp = Uint8Array.from([
  ...[0x30, 0x26, 0x02, 0x01, 0x00, 0x04, 0x06, ...ascii('public'), 0xa0, 0x19, 0x02, 0x01, 0x01, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00],
  ...[0x30, 0x0e, 0x30, 0x0c, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x01, 0x00, 0x05, 0x00],
]);
/** `version` with memcached's frame of UDP. */
const memcached = Uint8Array.from([0, 1, 0, 0, 0, 1, 0, 0, ...ascii('version\r\n')]);
/** SSDP search. */
const ssdp = ascii('M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n');
/** CLDAP: base search of the root, no attributes. RFC 1798, RFC 4511 §4.5. */
const cldap = Uint8Array.from([
  ...[0x30, 0x25, 0x02, 0x01, 0x01, 0x63, 0x20, 0x04, 0x00, 0x0a, 0x01, 0x00, 0x0a, 0x01, 0x00, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00],
  ...[0x01, 0x01, 0x00, 0x87, 0x0b, ...ascii('objectClass'), 0x30, 0x00],
]);
/** RPC null call of the port mapper. RFC 5531. */
const rpc = Uint8Array.from([
  ...[0x56, 0x44, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0x86, 0xa0, 0, 0, 0, 2, 0, 0, 0, 0],
  ...new Array<number>(16).fill(0),
]);
/** RMCP presence ping of a management controller. DMTF ASF 2.0 §3.2.4.2. */
const rmcp = Uint8Array.from([0x06, 0x00, 0xff, 0x06, 0x00, 0x00, 0x11, 0xbe, 0x80, 0x00, 0x00, 0x00]);

const payloads: Readonly<Record<number, Uint8Array>> = {
  53: dns,
  111: rpc,
  123: ntp,
  161: snmp,
  389: cldap,
  623: rmcp,
  1900: ssdp,
  5353: dns,
  11211: memcached,
};

/** One byte for services that we know no question for: a closed port answers anything, an open one may stay silent. */
export const udpPayload = (port: number): Uint8Array => payloads[port] ?? Uint8Array.of(0);
