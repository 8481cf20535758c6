// SMB 1 to 3: recognised after three segments; looks for log-ins and for DCE/RPC in named pipes.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import { CarryOver } from '../../stream/carry-over.ts';
import type { Analyzer, Flow, Session, Verdict } from '../analyzer.ts';
import { carries1, readMessage1 } from './smb1.ts';
import { carries2, readMessage2 } from './smb2.ts';

/** NetBIOS session header: type and 24 bits of length. RFC 1002 §4.3.1. */
const framingLength = 4;
/** Enough to see the command. */
const headLength = framingLength + 16;
/** Log-ins and calls are shorter; what is longer is file content and passed over. */
const longestMessage = 1 << 16;
/** Segments after which Zeek believes that it is SMB. */
const tellingSegments = 3;
const magic1 = 0xff534d42;
const magic2 = 0xfe534d42;

/** One side: what waits for the rest of its message, and how much of a long message is still to come. */
class Side {
  unread = new CarryOver(longestMessage + framingLength);
  toSkip = 0;
}

/** Framing and magic. */
const beginningLength = framingLength + 4;

const hasMagic = (bytes: Bytes, start: number, end: number): boolean => {
  if (end - start < beginningLength) return false;
  const magic = bytes.view.getUint32(start + framingLength);
  return magic === magic1 || magic === magic2;
};

class SmbSession implements Session {
  readonly #flow: Flow;
  #client = new Side();
  #server = new Side();
  #inStep = false;
  #segments = 0;
  #refused = false;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, _at: EpochMicros): void {
    const side = fromClient ? this.#client : this.#server;
    if (!this.#inStep && side.unread.waiting > 0 && hasMagic(bytes, start, end))
      side.unread = new CarryOver(longestMessage + framingLength);
    const skipped = Math.min(side.toSkip, end - start);
    side.toSkip -= skipped;
    if (start + skipped < end) this.#read(fromClient, side, bytes, start + skipped, end);
    if (this.#inStep && !this.#refused && ++this.#segments === tellingSegments) this.#flow.confirm();
  }

  #read(fromClient: boolean, side: Side, bytes: Bytes, start: number, end: number): void {
    const { unread } = side;
    unread.open(bytes, start, end);
    if (!this.#inStep) this.#findStep(unread);
    while (this.#inStep && !this.#refused && unread.position < unread.end && this.#next(fromClient, side)) {}
    if (!unread.close()) this.#resync();
  }

  /** Messages begin where there is a magic; fewer bytes than show one wait, others are passed over. */
  #findStep(unread: CarryOver): void {
    const { bytes, position, end } = unread;
    this.#inStep = hasMagic(bytes, position, end);
    if (!this.#inStep && end - position >= beginningLength) unread.position = end;
  }

  /** One message. @returns false when it is not complete. */
  #next(fromClient: boolean, side: Side): boolean {
    const { unread } = side;
    const { bytes, position, end } = unread;
    if (end - position < framingLength) return false;
    const length = framingLength + (bytes.view.getUint32(position) & 0xffffff);
    const available = end - position;
    if (available < Math.min(length, headLength)) return false;
    if (this.#matters(bytes, position, length)) {
      if (available < length) return false;
      this.#look(fromClient, bytes, position + framingLength, position + length);
    }
    side.toSkip = Math.max(0, length - available);
    unread.position = Math.min(end, position + length);
    return true;
  }

  #matters(bytes: Bytes, position: number, length: number): boolean {
    if (bytes.u8[position] !== 0 || length < headLength || length > longestMessage) return false;
    const magic = bytes.view.getUint32(position + framingLength);
    if (magic === magic1) return carries1.has(bytes.u8[position + framingLength + 4] ?? 0);
    return magic === magic2 && carries2.has(bytes.view.getUint16(position + framingLength + 12, true));
  }

  #look(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (bytes.u8[start] !== 0xff) readMessage2(this.#flow, fromClient, bytes, start, end);
    else if (!readMessage1(this.#flow, fromClient, bytes, start, end)) this.#refuse();
  }

  #refuse(): void {
    this.#refused = true;
    this.#flow.reject('malformed message');
  }

  /** Message boundaries are lost; the next segment that begins with a message finds them again. */
  #resync(): void {
    this.#inStep = false;
    this.#client = new Side();
    this.#server = new Side();
  }

  onGap(): void {
    this.#resync();
  }

  onFlip(): void {
    [this.#client, this.#server] = [this.#server, this.#client];
  }

  onClose(): void {}
}

/** Four bytes of framing, then the magic of any version. */
function probe(_fromClient: boolean, bytes: Bytes, start: number, end: number): Verdict {
  if (end - start < beginningLength) return 'more';
  return hasMagic(bytes, start, end) ? 'yes' : 'no';
}

/** Server Message Block. */
export const smb: Analyzer = {
  name: 'smb',
  transports: ['tcp'],
  ports: { tcp: [139, 445] },
  spec: '[MS-CIFS], [MS-SMB], [MS-SMB2]',
  probe,
  open: (flow) => new SmbSession(flow),
};
