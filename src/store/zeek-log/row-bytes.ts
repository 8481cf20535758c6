// Where rows become bytes: one buffer a log, written field by field. Joining strings first costs more than twice as much.

const firstBytes = 1 << 16;
/** Above this the runtime's own encoder is faster than the loop. */
const longText = 48;
/** Most bytes of a number. */
const numberBytes = 32;
/** Whole numbers below it are integers to the machine as well. */
const wholeLimit = 2 ** 31;
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

  /** Two ASCII characters. */
  characters(first: number, second: number): void {
    this.#reserve(2);
    this.#buffer[this.#length] = first;
    this.#buffer[this.#length + 1] = second;
    this.#length += 2;
  }

  /** One ASCII character. */
  character(code: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = code;
  }

  /** Puts another ASCII character in the place of the last one. */
  replaceLast(code: number): void {
    this.#buffer[this.#length - 1] = code;
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
    let all = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      all |= code;
      buffer[start + i] = code;
    }
    // Mostly ASCII, whose characters are its bytes.
    this.#length = start + (all <= 0x7f ? length : buffer.write(text, start, 'utf8'));
  }

  /** A number as JavaScript prints it. */
  number(value: number): void {
    if (value >= 0 && value < 10 && (value | 0) === value) this.character(zero + value);
    else if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER && Number.isInteger(value))) this.text(String(value));
    else {
      this.#reserve(numberBytes);
      this.#digits(value);
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
    this.#digits(seconds);
    this.#buffer[this.#length++] = point;
    this.#write(Math.max(0, whole - seconds * 1e6) | 0, 6);
  }

  /** Decimal digits of a whole number. */
  #digits(value: number): void {
    let count = 1;
    for (let limit = 10; value >= limit; limit *= 10) count++;
    if (value < wholeLimit) {
      this.#write(value | 0, count);
      return;
    }
    // In two parts, each of which a machine word holds; numbers that are larger still have a longer first part.
    const above = Math.floor(value / 1e9);
    this.#digits(above);
    this.#write((value - above * 1e9) | 0, 9);
  }

  /** The last `count` digits of a number below 2^31, zeros in front: integers divide faster than other numbers. */
  #write(value: number, count: number): void {
    const buffer = this.#buffer;
    const start = this.#length;
    let rest = value;
    for (let at = start + count - 1; at >= start; at--) {
      const quotient = (rest / 10) | 0;
      buffer[at] = zero + (rest - quotient * 10);
      rest = quotient;
    }
    this.#length = start + count;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe((this.#length + bytes) * 2);
    larger.set(this.bytes);
    this.#buffer = larger;
  }
}
