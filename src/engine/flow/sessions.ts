// The protocol sessions of one connection: who is started, who gets which bytes. The only place that catches what they throw.
import type { Bytes } from '../../base/bytes.ts';
import { epochMicros } from '../../base/units.ts';
import type { Analyzer } from '../analyzers/analyzer.ts';
import { type Connection, Transport } from './connection.ts';
import { Detection } from './detection.ts';
import { SessionFlow } from './session-flow.ts';
import type { SessionHost } from './session-host.ts';

/** More sessions than this on one connection are a mistake or an attack (endless hand-overs). */
const mostSessions = 16;
const noAnalyzers: readonly Analyzer[] = [];

export class Sessions {
  readonly connection: Connection;
  readonly host: SessionHost;
  readonly #flows: SessionFlow[] = [];
  #detection: Detection | null;
  /** Where in the bytes of this call the protocol of a hand-over begins; -1: with the next bytes. */
  #restStart = -1;

  constructor(connection: Connection, host: SessionHost, expected: string | undefined) {
    this.connection = connection;
    this.host = host;
    const book = host.book(connection);
    const announced = expected === undefined ? undefined : book.named(expected);
    if (announced !== undefined) this.#start(announced, true);
    for (const analyzer of book.onPort(connection.serverPort)) this.#start(analyzer, true);
    this.#detection = new Detection(book.candidates, this.#isStream);
  }

  get #isStream(): boolean {
    return this.connection.transport === Transport.tcp;
  }

  /** Whether bytes still matter to anybody. */
  get isListening(): boolean {
    if (this.#detection !== null) return true;
    for (const flow of this.#flows) if (flow.active) return true;
    return false;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: number): void {
    // Sessions that start now are given what came so far by the detection; those of a hand-over what the old protocol left.
    const count = this.#flows.length;
    const detection = this.#detection;
    for (let i = 0; i < count; i++) {
      const flow = this.#flows[i];
      if (flow?.active === true) this.#bytes(flow, fromClient, bytes, start, end, at);
    }
    if (detection !== null && detection === this.#detection) this.#detect(detection, fromClient, bytes, start, end, at);
  }

  onGap(fromClient: boolean, count: number, at: number): void {
    this.#detection?.keepGap(fromClient, count);
    for (const flow of this.#flows) if (flow.active) this.#gap(flow, fromClient, count, at);
  }

  onEnd(fromClient: boolean, at: number): void {
    for (const flow of this.#flows) {
      if (!flow.active) continue;
      try {
        flow.session?.onEnd?.(fromClient, epochMicros(at));
      } catch (error) {
        this.#drop(flow, error);
      }
    }
  }

  onClose(at: number): void {
    this.#detection = null;
    for (const flow of this.#flows) {
      flow.active = false;
      try {
        flow.session?.onClose(epochMicros(at));
      } catch (error) {
        this.#drop(flow, error);
      }
    }
    this.#flows.length = 0;
  }

  /** The ends are the other way round; `except` knows already. */
  flip(except?: SessionFlow): void {
    this.#detection?.flip();
    for (const flow of this.#flows) {
      if (flow === except) continue;
      try {
        flow.session?.onFlip?.();
      } catch (error) {
        this.#drop(flow, error);
      }
    }
  }

  /** Both ends are done: nothing will come that could tell more. */
  stopDetecting(): void {
    this.#detection = null;
  }

  /** A session is sure of its protocol. */
  confirmed(): void {
    this.#detection = null;
  }

  /** What follows is another protocol: the named one, or whichever its first bytes show. */
  handOver(name: string | undefined, restStart: number): void {
    this.#restStart = restStart;
    const book = this.host.book(this.connection);
    if (name === undefined) {
      this.#detection = this.#flows.length < mostSessions ? new Detection(book.candidates, this.#isStream) : null;
      return;
    }
    this.#detection = null;
    const analyzer = book.named(name);
    if (analyzer !== undefined) this.#start(analyzer, false);
  }

  /** The bytes behind a hand-over in the same segment; the sessions from `first` on were started by it. */
  #handRest(first: number, fromClient: boolean, bytes: Bytes, end: number, at: number): void {
    const start = this.#restStart;
    this.#restStart = -1;
    if (start >= end) return;
    const count = this.#flows.length;
    for (let i = first; i < count; i++) {
      const flow = this.#flows[i];
      if (flow?.active === true) this.#bytes(flow, fromClient, bytes, start, end, at);
    }
    if (this.#detection !== null) this.#detect(this.#detection, fromClient, bytes, start, end, at);
  }

  #detect(detection: Detection, fromClient: boolean, bytes: Bytes, start: number, end: number, at: number): void {
    let found: Analyzer | undefined;
    try {
      found = detection.look(this.#running(), fromClient, bytes, start, end);
    } catch (error) {
      this.#detection = null;
      this.host.fail('detection', error);
      return;
    }
    if (found !== undefined) {
      this.#detection = null;
      this.#startLate(found, detection, fromClient, bytes, start, end, at);
    } else if (detection.isOver) this.#detection = null;
    else detection.keep(fromClient, bytes, start, end);
  }

  #running(): readonly Analyzer[] {
    if (this.#flows.length === 0) return noAnalyzers;
    return this.#flows.filter((flow) => flow.active).map((flow) => flow.analyzer);
  }

  #startLate(analyzer: Analyzer, detection: Detection, fromClient: boolean, bytes: Bytes, start: number, end: number, at: number): void {
    const flow = this.#start(analyzer, false);
    if (flow === undefined) return;
    detection.replay(() => !flow.active, {
      bytes: (client, kept, from, to) => this.#bytes(flow, client, kept, from, to, at),
      gap: (client, count) => this.#gap(flow, client, count, at),
    });
    if (flow.active) this.#bytes(flow, fromClient, bytes, start, end, at);
  }

  /** @returns undefined when the analyzer is running already, has given up, or cannot be started */
  #start(analyzer: Analyzer, byPort: boolean): SessionFlow | undefined {
    if (this.#flows.length >= mostSessions) return undefined;
    for (const flow of this.#flows) if (flow.analyzer === analyzer && (flow.active || flow.rejected)) return undefined;
    const flow = new SessionFlow(this, analyzer);
    try {
      flow.session = analyzer.open(flow, byPort);
    } catch (error) {
      this.host.fail(analyzer.name, error);
      return undefined;
    }
    this.#flows.push(flow);
    return flow;
  }

  #bytes(flow: SessionFlow, fromClient: boolean, bytes: Bytes, start: number, end: number, at: number): void {
    const count = this.#flows.length;
    try {
      flow.session?.onBytes(fromClient, bytes, start, end, epochMicros(at));
    } catch (error) {
      this.#drop(flow, error);
    }
    if (this.#restStart >= 0) this.#handRest(count, fromClient, bytes, end, at);
  }

  #gap(flow: SessionFlow, fromClient: boolean, count: number, at: number): void {
    try {
      flow.session?.onGap?.(fromClient, count, epochMicros(at));
    } catch (error) {
      this.#drop(flow, error);
    }
  }

  #drop(flow: SessionFlow, error: unknown): void {
    flow.active = false;
    flow.session = null;
    this.host.fail(flow.analyzer.name, error);
  }
}
