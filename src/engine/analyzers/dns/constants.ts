// Numbers of DNS and the names that Zeek prints for them. IANA "Domain Name System (DNS) Parameters"; RFC 1002 §4.2.1.1.

/** Resource record types that are read, not only named. */
export const RrType = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  LOC: 29,
  NB: 32,
  SRV: 33,
  NAPTR: 35,
  A6: 38,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  TKEY: 249,
  TSIG: 250,
  ANY: 255,
  CAA: 257,
  /** BIND 9's private type that says how far signing has come. */
  BINDS: 65534,
} as const;

/** Classes with a meaning of their own in updates. RFC 2136 §1.3. */
export const RrClass = { NONE: 254, ANY: 255 } as const;

/** Operations that become rows; the others are only counted. */
export const Opcode = { QUERY: 0, NOTIFY: 4, UPDATE: 5 } as const;

/** Port of the NetBIOS name service, which speaks DNS with other meanings. */
export const NETBIOS_PORT = 137;

const typesFromOne =
  'A NS MD MF CNAME SOA MB MG MR NULL WKS PTR HINFO MINFO MX TXT RP AFSDB X25 ISDN RT NSAP NSAP-PTR SIG KEY PX GPOS AAAA LOC NXT EID ' +
  'NIMLOC SRV ATMA NAPTR KX CERT A6 DNAME SINK OPT APL DS SSHFP IPSECKEY RRSIG NSEC DNSKEY DHCID NSEC3 NSEC3PARAM TLSA SMIMEA - HIP ' +
  'NINFO RKEY TALINK CDS CDNSKEY OPENPGPKEY CSYNC ZONEMD SVCB HTTPS';

const typeNames = new Map<number, string>([
  ...typesFromOne
    .split(' ')
    .map((name, i): [number, string] => [i + 1, name])
    .filter(([, name]) => name !== '-'),
  ...'SPF UINFO UID GID UNSPEC NID L32 L64 LP EUI48 EUI64'.split(' ').map((name, i): [number, string] => [i + 99, name]),
  ...'TKEY TSIG IXFR AXFR MAILB MAILA * URI CAA'.split(' ').map((name, i): [number, string] => [i + 249, name]),
  [32768, 'TA'],
  [32769, 'DLV'],
  [65281, 'WINS'],
  [65282, 'WINS-R'],
  [65422, 'XPF'],
  [65521, 'INTEGRITY'],
]);

const classNames = new Map([
  [1, 'C_INTERNET'],
  [2, 'C_CSNET'],
  [3, 'C_CHAOS'],
  [4, 'C_HESIOD'],
  [254, 'C_NONE'],
  [255, 'C_ANY'],
]);

const rcodeNames = (
  'NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSet NOTAUTH NOTZONE ' +
  'unassigned-11 unassigned-12 unassigned-13 unassigned-14 unassigned-15'
).split(' ');

const opcodeNames = new Map([
  [0, 'query'],
  [1, 'iquery'],
  [2, 'server-status'],
  [4, 'notify'],
  [5, 'dynamic-update'],
  [6, 'dso'],
]);

const netbiosOpcodeNames = new Map([
  [0, 'netbios-query'],
  [5, 'netbios-registration'],
  [6, 'netbios-release'],
  [7, 'netbios-wack'],
  [8, 'netbios-refresh'],
]);

/** Name of a record or question type; `query-N` for a number without one. */
export const typeName = (type: number): string => typeNames.get(type) ?? `query-${type}`;

/** Name of a class; `qclass-N` for a number without one (mDNS sets the top bit for its own purposes). */
export const className = (value: number): string => classNames.get(value) ?? `qclass-${value}`;

/** Name of a response code, 0 to 15. */
export const rcodeName = (rcode: number): string => rcodeNames[rcode] ?? `rcode-${rcode}`;

/** Name of an operation, 0 to 15. */
export const opcodeName = (opcode: number, isNetbios: boolean): string =>
  isNetbios ? (netbiosOpcodeNames.get(opcode) ?? `netbios-opcode-${opcode}`) : (opcodeNames.get(opcode) ?? `opcode-${opcode}`);
