// Options of a pcapng block. draft-ietf-opsawg-pcapng §3.5: code u16, length u16, value, padded to 4 bytes.

/** Option codes; their meaning depends on the block. */
export const optionCode = {
  end: 0,
  comment: 1,
  interfaceName: 2,
  interfaceTimeResolution: 9,
  interfaceTimeOffset: 14,
  statisticsInterfaceDrops: 5,
  statisticsSystemDrops: 7,
  packetDrops: 4,
} as const;

/** Walks the options of one block: `while (options.next()) …`. */
export class OptionReader {
  code = 0;
  /** Position of the value. */
  at = 0;
  length = 0;
  #view: DataView;
  #next = 0;
  #end = 0;
  #littleEndian = false;

  constructor() {
    this.#view = new DataView(new ArrayBuffer(0));
  }

  /** Points the reader at the options in `[start, end)`. */
  reset(view: DataView, start: number, end: number, littleEndian: boolean): void {
    this.#view = view;
    this.#next = start;
    this.#end = end;
    this.#littleEndian = littleEndian;
  }

  /** Steps to the next option; false at the end, or where an option would leave the block. */
  next(): boolean {
    const head = this.#next;
    if (head + 4 > this.#end) return false;
    this.code = this.#view.getUint16(head, this.#littleEndian);
    this.length = this.#view.getUint16(head + 2, this.#littleEndian);
    this.at = head + 4;
    if (this.code === optionCode.end || this.at + this.length > this.#end) return false;
    this.#next = this.at + ((this.length + 3) & ~3);
    return true;
  }

  /** The value as a 64-bit number (a double is exact up to 2^53, more than any counter or offset here); 0 when shorter. */
  uint64(): number {
    if (this.length < 8) return 0;
    const first = this.#view.getUint32(this.at, this.#littleEndian);
    const second = this.#view.getUint32(this.at + 4, this.#littleEndian);
    return this.#littleEndian ? second * 2 ** 32 + first : first * 2 ** 32 + second;
  }

  /** The value as a signed 64-bit number; 0 when shorter. */
  int64(): number {
    return this.length < 8 ? 0 : Number(this.#view.getBigInt64(this.at, this.#littleEndian));
  }

  /** First byte of the value; `fallback` when there is none. */
  byte(fallback: number): number {
    return this.length < 1 ? fallback : this.#view.getUint8(this.at);
  }
}
