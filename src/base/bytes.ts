// One buffer seen three ways: bytes, integers, text. The engine passes (bytes, start, end) and never copies.

type Latin1Slice = (this: Uint8Array, start: number, end: number) => string;

/** The runtime's native decoder where there is one (Node); text of a packet is short, so the loop is a fair stand-in. */
const nativeLatin1 = (globalThis as { Buffer?: { prototype: { latin1Slice?: Latin1Slice } } }).Buffer?.prototype.latin1Slice;

const loopLatin1: Latin1Slice = function (this: Uint8Array, start, end) {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(this[i] ?? 0);
  return text;
};

const latin1Slice: Latin1Slice = nativeLatin1 ?? loopLatin1;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const escaped = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

/** Length of the valid UTF-8 sequence at `i`, or 0. RFC 3629 §4 (no overlong forms, no surrogates). */
function utf8SequenceLength(view: DataView, i: number, end: number): number {
  const lead = view.getUint8(i);
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0 || i + length > end) return 0;
  for (let k = 1; k < length; k++) if ((view.getUint8(i + k) & 0xc0) !== 0x80) return 0;
  const second = view.getUint8(i + 1);
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  return length;
}

/**
 * A buffer with its views. Valid until the capture buffer is reused: who keeps bytes past the call copies them.
 * All positions are byte offsets into the buffer; `end` is exclusive.
 */
export class Bytes {
  readonly u8: Uint8Array;
  readonly view: DataView;

  constructor(u8: Uint8Array) {
    this.u8 = u8;
    this.view = new DataView(u8.buffer, u8.byteOffset, u8.byteLength);
  }

  /** One character per byte (ISO 8859-1), nothing escaped: for parsing, never for a record. */
  latin1(start: number, end: number): string {
    return latin1Slice.call(this.u8, start, end);
  }

  /**
   * Text fit for a record, as Zeek prints it: valid UTF-8 stays, control characters and any other byte
   * become `\xNN` (lower case). The wire's bytes are made harmless here and nowhere else.
   */
  text(start: number, end: number): string {
    const { view } = this;
    for (let i = start; i < end; i++) {
      const byte = view.getUint8(i);
      if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return this.#escapedText(start, end);
    }
    return latin1Slice.call(this.u8, start, end);
  }

  #escapedText(start: number, end: number): string {
    const { view } = this;
    let text = '';
    for (let i = start; i < end; ) {
      const byte = view.getUint8(i);
      if (byte >= 0x20 && byte <= 0x7e) {
        text += byte === 0x5c && view.byteLength > i + 1 && i + 1 < end && view.getUint8(i + 1) === 0x78 ? '\\\\' : String.fromCharCode(byte);
        i++;
        continue;
      }
      const length = byte < 0x80 ? 0 : utf8SequenceLength(view, i, end);
      text += length === 0 ? escaped(byte) : utf8.decode(this.u8.subarray(i, i + length));
      i += length === 0 ? 1 : length;
    }
    return text;
  }
}

/** A `Bytes` over ISO 8859-1 characters, for tests and for text that was decoded already. */
export function bytesOfLatin1(text: string): Bytes {
  const u8 = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) u8[i] = text.charCodeAt(i) & 0xff;
  return new Bytes(u8);
}
