// The lines of a log that name one of some uids, found among its bytes: nothing is decoded but the lines that match.

/** Longest line looked at; a longer one is damage and passed over, so that memory stays bounded. */
const maxLine = 1 << 24;
const tab = 0x09;
const lineFeed = 0x0a;
const space = 0x20;
const quote = 0x22;
const hash = 0x23;
const brace = 0x7b;
const jsonKey = Buffer.from('"uid":');

/** Hash of one-byte characters, the same for a text and for its bytes. 30 bits: such a number needs no box. */
const mix = (sum: number, code: number): number => Math.imul(sum ^ code, 0x01000193);
const hashOf = (text: string): number => {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = mix(sum, text.charCodeAt(i));
  return sum & 0x3fffffff;
};

/** What is told of a log: its header lines, since they say how to read the others, and the lines that match. */
export interface LineTaker {
  header(line: string): void;
  match(line: string): void;
}

/** Takes the bytes of one log, chunk by chunk. */
export class UidLines {
  readonly #uids: ReadonlySet<string>;
  readonly #hashes: ReadonlySet<number>;
  readonly #taker: LineTaker;
  /** Tabs before the uid of a TSV line; -1 while no header named it. */
  #column = -1;
  #carry: Buffer = Buffer.alloc(0);
  /** The next uid of JSON in the bytes in hand; their length when there is none, -1 when it was not looked for. */
  #keyAt = -1;
  /** Within a line that is too long. */
  #isSkipping = false;

  constructor(uids: ReadonlySet<string>, taker: LineTaker) {
    this.#uids = uids;
    this.#hashes = new Set([...uids].map(hashOf));
    this.#taker = taker;
  }

  push(chunk: Buffer): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    const rest = this.#scan(bytes);
    this.#isSkipping ||= bytes.length - rest > maxLine;
    this.#carry = this.#isSkipping ? Buffer.alloc(0) : Buffer.from(bytes.subarray(rest));
  }

  /** The last line may lack its end. */
  end(): void {
    if (this.#carry.length > 0) this.push(Buffer.from([lineFeed]));
  }

  /** @returns where the line begins that is not whole yet */
  #scan(bytes: Buffer): number {
    let start = 0;
    this.#keyAt = -1;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      if (!this.#isSkipping && end - start <= maxLine) this.#line(bytes, start, end);
      this.#isSkipping = false;
      start = end + 1;
    }
    return start;
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (bytes[start] === hash) this.#header(bytes.toString('utf8', start, end));
    else if (bytes[start] === brace) this.#json(bytes, start, end);
    else this.#tsv(bytes, start, end);
  }

  #header(line: string): void {
    this.#taker.header(line);
    if (line.startsWith('#fields')) this.#column = line.trimEnd().split('\t').indexOf('uid') - 1;
  }

  #tsv(bytes: Buffer, start: number, end: number): void {
    if (this.#column < 0) return;
    let from = start;
    for (let tabs = this.#column; tabs > 0; from++) {
      if (from >= end) return;
      if (bytes[from] === tab) tabs--;
    }
    this.#offer(bytes, start, end, from);
  }

  #json(bytes: Buffer, start: number, end: number): void {
    // The next one is looked for once, however many lines lie before it.
    if (this.#keyAt < start) this.#keyAt = bytes.indexOf(jsonKey, start);
    if (this.#keyAt < 0) this.#keyAt = bytes.length;
    if (this.#keyAt >= end) return;
    let from = this.#keyAt + jsonKey.length;
    while (bytes[from] === space) from++;
    if (bytes[from] === quote) this.#offer(bytes, start, end, from + 1);
  }

  /** A line whose uid begins at `from`. */
  #offer(bytes: Buffer, start: number, end: number, from: number): void {
    let sum = 0;
    let to = from;
    for (; to < end; to++) {
      const code = bytes[to] as number;
      if (code === tab || code === quote || code < space) break;
      sum = mix(sum, code);
    }
    if (!this.#hashes.has(sum & 0x3fffffff) || !this.#uids.has(bytes.toString('latin1', from, to))) return;
    this.#taker.match(bytes.toString('utf8', start, end));
  }
}
