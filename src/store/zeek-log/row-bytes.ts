// Where rows become bytes: one buffer a log, written field by field. Joining strings first costs more than twice as much.

const firstBytes = 1 << 16;
/** Above this the runtime's own encoder is faster than the loop. */
const longText = 48;
/** Most bytes of a number. */
const numberBytes = 24;
const zero = 0x30;
const minus = 0x2d;
const point = 0x2e;

/** A growing buffer of UTF-8 text. `bytes` is its content until `clear`. */
export class RowBytes {
  #buffer = Buffer.allocUnsafe(firstBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Takes away the first bytes. */
  drop(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** One ASCII character. */
  character(code: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = code;
  }

  text(text: string): void {
    const { length } = text;
    this.#reserve(length * 3);
    if (length > longText) {
      this.#length += this.#buffer.write(text, this.#length, 'utf8');
      return;
    }
    const buffer = this.#buffer;
    const start = this.#length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        this.#length = start + buffer.write(text, start, 'utf8');
        return;
      }
      buffer[start + i] = code;
    }
    this.#length = start + length;
  }

  /** A number as JavaScript prints it. */
  number(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER && Number.isInteger(value))) this.text(String(value));
    else {
      this.#reserve(numberBytes);
      this.#digits(value, 1);
    }
  }

  /** Microseconds as seconds with six decimals. */
  micros(micros: number): void {
    if (!(Math.abs(micros) < 1e21)) {
      this.text(String(micros / 1e6));
      return;
    }
    this.#reserve(numberBytes);
    const whole = Math.abs(micros);
    const seconds = Math.floor(whole / 1e6);
    if (micros < 0) this.#buffer[this.#length++] = minus;
    this.#digits(seconds, 1);
    this.#buffer[this.#length++] = point;
    this.#digits(Math.max(0, whole - seconds * 1e6), 6);
  }

  /** Decimal digits of a whole number, with zeros in front up to `least` digits. */
  #digits(value: number, least: number): void {
    let count = 1;
    for (let limit = 10; value >= limit; limit *= 10) count++;
    count = Math.max(count, least);
    const buffer = this.#buffer;
    let rest = value;
    for (let at = this.#length + count - 1; at >= this.#length; at--) {
      const quotient = Math.floor(rest / 10);
      buffer[at] = zero + (rest - quotient * 10);
      rest = quotient;
    }
    this.#length += count;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe((this.#length + bytes) * 2);
    larger.set(this.bytes);
    this.#buffer = larger;
  }
}
