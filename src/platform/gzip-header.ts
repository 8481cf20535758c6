// The header of a gzip member, read byte by byte since it can be cut anywhere. RFC 1952 §2.3.

const flagCrc = 2;
const flagExtra = 4;
const flagName = 8;
const flagComment = 16;
/** Magic, method, flags, time, extra flags, system. */
const fixedBytes = 10;

type Field = 'fixed' | 'extra-length' | 'skip' | 'text' | 'done' | 'damaged';

export class GzipHeader {
  #field: Field = 'fixed';
  /** Bytes still to read of this field; optional fields still to come. */
  #left = fixedBytes;
  #flags = 0;
  #length = 0;

  get isDone(): boolean {
    return this.#field === 'done';
  }

  get isDamaged(): boolean {
    return this.#field === 'damaged';
  }

  /** Reads from `start` on. @returns position behind what belongs to the header */
  read(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && !this.isDone && !this.isDamaged) this.#take(bytes[at++] ?? 0);
    return at;
  }

  #take(byte: number): void {
    switch (this.#field) {
      case 'fixed':
        this.#fixed(byte);
        break;
      case 'extra-length':
        this.#length |= byte << (this.#left === 2 ? 0 : 8);
        if (--this.#left === 0) this.#skip(this.#length);
        break;
      case 'skip':
        if (--this.#left === 0) this.#next();
        break;
      default: // a text, which ends with a zero
        if (byte === 0) this.#next();
    }
  }

  #fixed(byte: number): void {
    const at = fixedBytes - this.#left--;
    if (at === 3) this.#flags = byte;
    if ((at === 0 && byte !== 0x1f) || (at === 1 && byte !== 0x8b) || (at === 2 && byte !== 8) || (at === 3 && byte > 0x1f))
      this.#field = 'damaged';
    else if (this.#left === 0) this.#next();
  }

  #next(): void {
    if (this.#has(flagExtra)) {
      this.#left = 2;
      this.#field = 'extra-length';
    } else if (this.#has(flagName) || this.#has(flagComment)) this.#field = 'text';
    else if (this.#has(flagCrc)) this.#skip(2);
    else this.#field = 'done';
  }

  /** Whether this field comes next; asked once. */
  #has(flag: number): boolean {
    const has = (this.#flags & flag) !== 0;
    this.#flags &= ~flag;
    return has;
  }

  #skip(bytes: number): void {
    this.#left = bytes;
    this.#field = 'skip';
    if (bytes === 0) this.#next();
  }
}
