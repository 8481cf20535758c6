// Where the messages of SMB 1 carry log-in tokens and pipe data. [MS-CIFS] §2.2.4, [MS-SMB] §2.2.4.
import type { Bytes } from '../../../base/bytes.ts';
import { confirmPipeData } from '../../dce-rpc/dce-rpc-pdu.ts';
import { confirmSecurityToken } from '../../spnego/security-token.ts';
import type { Flow } from '../analyzer.ts';

/** Magic, command, status, flags, …, tree, process, user, multiplex. */
const headerLength = 32;
export const command1 = { readAndX: 0x2e, writeAndX: 0x2f, transaction: 0x25, negotiate: 0x72, sessionSetup: 0x73 } as const;
/** The server tells in the negotiation that log-ins are negotiated too. */
const extendedSecurity = 0x80000000;

/** Commands whose content matters here. */
export const carries1 = new Set<number>(Object.values(command1));

type Reader = (flow: Flow, bytes: Bytes, start: number, end: number) => void;

/** Where a message has a part worth reading; positions count from the number of words. */
interface Place {
  readonly command: number;
  readonly fromClient: boolean;
  readonly leastWords: number;
  /** Of the part's length. */
  readonly lengthAt: number;
  /** Of the part's offset from the magic; undefined when the part follows the words and their count of bytes. */
  readonly offsetAt: number | undefined;
  readonly reader: Reader;
}

const login = (fromClient: boolean, leastWords: number, lengthAt: number): Place => ({
  command: command1.sessionSetup,
  fromClient,
  leastWords,
  lengthAt,
  offsetAt: undefined,
  reader: confirmSecurityToken,
});
const pipe = (command: number, fromClient: boolean, leastWords: number, lengthAt: number): Place => ({
  command,
  fromClient,
  leastWords,
  lengthAt,
  offsetAt: lengthAt + 2,
  reader: confirmPipeData,
});

const places: readonly Place[] = [
  login(true, 12, 15),
  login(false, 4, 7),
  pipe(command1.transaction, true, 14, 23),
  pipe(command1.transaction, false, 10, 13),
  pipe(command1.writeAndX, true, 12, 21),
  pipe(command1.readAndX, false, 12, 11),
];

/** The token of the negotiation comes after 16 bytes of identity and has no length of its own. */
function readNegotiation(flow: Flow, bytes: Bytes, body: number, rest: number, end: number): void {
  const isExtended = bytes.u8[body] === 17 && (bytes.view.getUint32(body + 20, true) & extendedSecurity) !== 0;
  if (isExtended && rest + 16 < end) confirmSecurityToken(flow, bytes, rest + 16, end);
}

/** Looks into one message `[start, end)` that begins with its magic. A part that does not lie within is passed over. @returns false when its words do not. */
export function readMessage1(flow: Flow, fromClient: boolean, bytes: Bytes, start: number, end: number): boolean {
  const body = start + headerLength;
  const words = bytes.u8[body] ?? 0;
  // The words, then two bytes of count, then the rest.
  const rest = body + 3 + words * 2;
  if (rest > end) return false;
  const command = bytes.u8[start + 4];
  if (command === command1.negotiate && !fromClient) readNegotiation(flow, bytes, body, rest, end);
  const place = places.find((candidate) => candidate.command === command && candidate.fromClient === fromClient);
  // A log-in with another number of words is of an older kind, without token.
  if (place === undefined || words < place.leastWords || (place.offsetAt === undefined && words !== place.leastWords)) return true;
  const length = bytes.view.getUint16(body + place.lengthAt, true);
  const from = place.offsetAt === undefined ? rest : start + bytes.view.getUint16(body + place.offsetAt, true);
  if (length > 0 && from + length <= end) place.reader(flow, bytes, from, from + length);
  return true;
}
