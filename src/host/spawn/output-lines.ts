// What a program prints, bounded: kept as one text, or handed on line by line.

/** Longest line that is handed on; the rest of a longer one is dropped. */
const longestLine = 1 << 16;

/** Collects the output of one stream. */
export class OutputLines {
  truncated = false;
  readonly #limit: number;
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #decoder = new TextDecoder();
  #bytes = 0;
  #text = '';

  /** @param limit bytes that are kept, or handed on, in all */
  constructor(limit: number, onLine?: (line: string) => void) {
    this.#limit = limit;
    this.#onLine = onLine;
  }

  add(bytes: Uint8Array): void {
    const room = this.#limit - this.#bytes;
    if (bytes.length > room) this.truncated = true;
    if (room <= 0) return;
    const taken = bytes.length > room ? bytes.subarray(0, room) : bytes;
    this.#bytes += taken.length;
    this.#text += this.#decoder.decode(taken, { stream: true });
    if (this.#onLine !== undefined) this.#handOn(this.#onLine);
  }

  /** The text that is left: everything, or an unfinished last line (which is handed on). */
  finish(): string {
    this.#text += this.#decoder.decode();
    if (this.#onLine === undefined) return this.#text;
    if (this.#text !== '') this.#onLine(this.#text);
    return '';
  }

  #handOn(onLine: (line: string) => void): void {
    const lines = this.#text.split('\n');
    this.#text = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) onLine(line);
  }
}
