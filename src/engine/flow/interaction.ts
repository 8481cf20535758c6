// How the two ends of a TCP connection take turns: what tells a person at a keyboard from a machine. Kept small; the samples
// are made only for turns that follow a silence.
import { Bytes } from '../../base/bytes.ts';
import type { Connection } from './connection.ts';

/** Silence after which a turn counts as prompted, microseconds. */
const silence = 300_000;
const mostSamples = 64;
const headBytes = 256;
/** What is mostly not text is told from few bytes. */
const binaryHeadBytes = 32;
const mostlyText = 0.5;
/** Payload bytes of a side over which its printable share is taken. */
const judgedBytes = 2048;

/** Values of up to 64 prompted turns. Later turns only count. */
export class TurnSamples {
  count = 0;
  /** Four lanes behind each other: bytes of the turns and of their answers, silences before them, times to the answer. */
  readonly #values = new Float64Array(4 * mostSamples);

  /** Payload bytes of the turn and of its answer; silence before it and time to the answer in microseconds. */
  add(opening: number, answer: number, gap: number, delay: number): void {
    const i = this.count++;
    if (i >= mostSamples) return;
    const values = this.#values;
    values[i] = opening;
    values[mostSamples + i] = answer;
    values[2 * mostSamples + i] = gap;
    values[3 * mostSamples + i] = delay;
  }

  get openings(): Float64Array {
    return this.#lane(0);
  }
  get answers(): Float64Array {
    return this.#lane(1);
  }
  get gaps(): Float64Array {
    return this.#lane(2);
  }
  get delays(): Float64Array {
    return this.#lane(3);
  }

  #lane(lane: number): Float64Array {
    const from = lane * mostSamples;
    return this.#values.subarray(from, from + Math.min(this.count, mostSamples));
  }
}

/** 1 for bytes that a text has: printable ASCII, tab, line ends. */
const isText = Uint8Array.from({ length: 256 }, (_, byte) => ((byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13) ? 1 : 0));

/** Where a head becomes bytes again for a moment. */
const scratch = new Bytes(new Uint8Array(headBytes));

/** What one side wrote. */
export class Voice {
  /** One character a byte: cheaper to keep than a buffer. */
  #head = '';
  #judged = 0;
  #printable = 0;
  /** Turns that ended like a shell prompt. */
  prompts = 0;

  /** First payload bytes as text for a record: many of them when they are text, few when they are not. */
  get head(): string | undefined {
    if (this.#head === '') return undefined;
    const length = Math.min(this.#head.length, this.printable < mostlyText ? binaryHeadBytes : headBytes);
    for (let i = 0; i < length; i++) scratch.u8[i] = this.#head.charCodeAt(i);
    return scratch.text(0, length);
  }

  /** Share of printable bytes among the first ones; 0 when there are none. */
  get printable(): number {
    return this.#judged === 0 ? 0 : this.#printable / this.#judged;
  }

  note(bytes: Bytes, start: number, end: number): void {
    if (this.#judged >= judgedBytes) return;
    const { u8 } = bytes;
    const stop = Math.min(end, start + judgedBytes - this.#judged);
    let printable = 0;
    for (let i = start; i < stop; i++) printable += isText[u8[i] ?? 0] ?? 0;
    this.#printable += printable;
    this.#judged += stop - start;
    const room = headBytes - this.#head.length;
    if (room > 0) this.#head += bytes.latin1(start, Math.min(end, start + room));
  }
}

/** Last two bytes of a segment as one number. */
const lastTwo = (bytes: Bytes, start: number, end: number): number =>
  end - start < 2 ? 0 : ((bytes.u8[end - 2] ?? 0) << 8) | (bytes.u8[end - 1] ?? 0);

/** `$ `, `# ` and `> `. */
const isPrompt = (two: number): boolean => two === 0x2420 || two === 0x2320 || two === 0x3e20;

export class Interaction {
  readonly clientFirst: boolean;
  /** Changes of the sending side. */
  turns = 0;
  /** What each side wrote; null until it wrote, and once the protocol is known (its own records say more). */
  client: Voice | null = null;
  server: Voice | null = null;
  serverPrompted: TurnSamples | null = null;
  clientPrompted: TurnSamples | null = null;

  #fromClient: boolean;
  /** A fraction from the start, so that V8 keeps the field as a double in place. */
  #lastAt = 0.5;
  #turnBytes = 0;
  #ending = 0;
  /** Silence before the turn that is being answered; -1 when it was not prompted. */
  #openingGap = -1;
  #openingBytes = 0;
  #delay = 0;
  /** Silence before the current turn. */
  #gap = 0;

  /** @param fromClient side of the first payload. */
  constructor(fromClient: boolean, at: number) {
    this.clientFirst = fromClient;
    this.#fromClient = fromClient;
    this.#lastAt = at;
  }

  /** Payload in order, of the packet that `connection` saw last. */
  note(connection: Connection, fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const at = connection.lastAt;
    if (fromClient !== this.#fromClient) this.#change(fromClient, at);
    this.#turnBytes += end - start;
    this.#lastAt = at;
    if (connection.service !== '') {
      this.client = null;
      this.server = null;
      this.#ending = 0;
      return;
    }
    this.#ending = lastTwo(bytes, start, end);
    if (fromClient) this.client ??= new Voice();
    else this.server ??= new Voice();
    (fromClient ? this.client : this.server)?.note(bytes, start, end);
  }

  /** The connection ends: the last turn counts. */
  finish(): void {
    this.#endTurn();
    this.#turnBytes = 0;
  }

  #change(fromClient: boolean, at: number): void {
    this.#endTurn();
    this.turns++;
    // The turn that just ended was an opening when it came after a silence.
    this.#openingGap = this.#gap >= silence ? this.#gap : -1;
    this.#openingBytes = this.#turnBytes;
    this.#delay = at - this.#lastAt;
    this.#gap = this.#delay;
    this.#turnBytes = 0;
    this.#fromClient = fromClient;
  }

  /** The current turn is complete: was it the answer to a prompted one? */
  #endTurn(): void {
    const voice = this.#fromClient ? this.client : this.server;
    if (voice !== null && isPrompt(this.#ending)) voice.prompts++;
    this.#ending = 0;
    if (this.#openingGap < 0 || this.#turnBytes === 0) return;
    if (this.#fromClient) this.serverPrompted ??= new TurnSamples();
    else this.clientPrompted ??= new TurnSamples();
    const samples = this.#fromClient ? this.serverPrompted : this.clientPrompted;
    samples?.add(this.#openingBytes, this.#turnBytes, this.#openingGap, this.#delay);
    this.#openingGap = -1;
  }
}
