// Where the messages of SMB 2 and 3 carry log-in tokens and pipe data. [MS-SMB2] §2.2.
import type { Bytes } from '../../../base/bytes.ts';
import { confirmPipeData } from '../../dce-rpc/dce-rpc-pdu.ts';
import { confirmSecurityToken } from '../../spnego/security-token.ts';
import type { Flow } from '../analyzer.ts';

/** Magic, structure size, …, status, command, …, tree, session, signature. */
const headerLength = 64;
export const command2 = { negotiate: 0, sessionSetup: 1, read: 8, write: 9, ioctl: 11 } as const;
/** FSCTL_PIPE_TRANSCEIVE and its kin, in the upper half of the control code. */
const namedPipeDevice = 0x11;

/** Commands whose content matters here. */
export const carries2 = new Set<number>(Object.values(command2));

type Reader = (flow: Flow, bytes: Bytes, start: number, end: number) => void;

/** Where a message has a part worth reading; positions count from the magic. */
interface Place {
  readonly command: number;
  readonly fromClient: boolean;
  readonly offsetAt: number;
  readonly lengthAt: number;
  /** Bytes of the offset field, and of the length field. */
  readonly offsetSize: 1 | 2 | 4;
  readonly lengthSize: 2 | 4;
  readonly reader: Reader;
}

const login = (command: number, fromClient: boolean, at: number): Place => ({
  command,
  fromClient,
  offsetAt: at,
  lengthAt: at + 2,
  offsetSize: 2,
  lengthSize: 2,
  reader: confirmSecurityToken,
});
const pipe = (command: number, fromClient: boolean, offsetAt: number, offsetSize: 1 | 2 | 4, lengthAt: number): Place => ({
  command,
  fromClient,
  offsetAt,
  lengthAt,
  offsetSize,
  lengthSize: 4,
  reader: confirmPipeData,
});

const places: readonly Place[] = [
  login(command2.negotiate, false, headerLength + 56),
  login(command2.sessionSetup, true, headerLength + 12),
  login(command2.sessionSetup, false, headerLength + 4),
  pipe(command2.write, true, headerLength + 2, 2, headerLength + 4),
  pipe(command2.read, false, headerLength + 2, 1, headerLength + 4),
  pipe(command2.ioctl, true, headerLength + 24, 4, headerLength + 28),
  pipe(command2.ioctl, false, headerLength + 32, 4, headerLength + 36),
];
/** Of the control code in an ioctl. */
const controlCodeAt = headerLength + 4;

function unsigned({ view }: Bytes, at: number, size: 1 | 2 | 4): number {
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
}

/** Looks into one message `[start, end)` that begins with its magic. A part that does not lie within is passed over. */
export function readMessage2(flow: Flow, fromClient: boolean, bytes: Bytes, start: number, end: number): void {
  if (end - start < headerLength + 8) return;
  const command = bytes.view.getUint16(start + 12, true);
  const place = places.find((candidate) => candidate.command === command && candidate.fromClient === fromClient);
  if (place === undefined || start + place.lengthAt + place.lengthSize > end) return;
  if (command === command2.ioctl && bytes.view.getUint32(start + controlCodeAt, true) >>> 16 !== namedPipeDevice) return;
  const offset = unsigned(bytes, start + place.offsetAt, place.offsetSize);
  const length = unsigned(bytes, start + place.lengthAt, place.lengthSize);
  if (length > 0 && offset >= headerLength && start + offset + length <= end) {
    place.reader(flow, bytes, start + offset, start + offset + length);
  }
}
