// The contract of an application protocol analyzer: one folder under analyzers/, one entry in analyzers/index.ts.
import type { Bytes } from '../../base/bytes.ts';
import type { EpochMicros } from '../../base/units.ts';
import type { RecordName, RecordRow } from '../../model/records/index.ts';
import type { FileStream, FileStreamOptions } from '../files/file-stream.ts';
import type { Platform } from '../platform.ts';

/** A connection that one session announced to be another's data channel (FTP's PORT and PASV, IRC's DCC). */
export interface Expectation {
  /** Who will connect; undefined when anybody may. */
  readonly clientAddress: string | undefined;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** Analyzer to start on it from the first byte, beside what ports and content say. */
  readonly analyzer: string;
  /** How long the announcement holds without such a connection, in microseconds. */
  readonly lifetime: number;
}

/** What a session may know of its connection and do with it. The flow table implements it. */
export interface Flow {
  readonly uid: string;
  readonly transport: 'tcp' | 'udp';
  /** Client: who opened the connection, after direction repair. */
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** Whether the addresses are local in Zeek's default sense or by configuration. */
  readonly clientIsLocal: boolean;
  readonly serverIsLocal: boolean;
  readonly startedAt: EpochMicros;
  /** Network context text for the `context` column; undefined when there is only one. */
  readonly context: string | undefined;
  /** TCP: the first packet of the client (SYN) was seen; false for connections picked up in the middle. */
  readonly seenFromStart: boolean;
  readonly platform: Platform;

  /** Writes a record. Sessions fill `ts`, `uid` and the `id.*` columns themselves (see `connectionFields`). */
  emit<N extends RecordName>(name: N, row: RecordRow<N>): void;
  /** This is the protocol: adds `service` (default: the analyzer's name) to conn.service, once. */
  confirm(service?: string): void;
  /** Not this protocol after all: the session gets no more bytes; a confirmed service is taken back as Zeek does. */
  reject(reason: string): void;
  /** Nothing more to learn: the session gets no more bytes, its service stays, `onClose` still comes. */
  done(): void;
  /** Starts an analyzer on a TCP connection yet to come. Bounded by the flow table; the oldest announcement gives way. */
  expect(expectation: Expectation): void;
  /** Appends a letter to conn.history once, as Zeek's analyzers do (`X`: gave up on part of the content). */
  markHistory(letter: string): void;
  /**
   * The content shows that the ends are the other way round (a DNS answer first, an NTP server's reply from the client):
   * addresses, ports, counters and history of the connection change sides and `^` joins conn.history. When it returns, this
   * object shows the new order; sessions of the connection other than the caller get `onFlip`. Takes effect as often as called.
   */
  flipEnds(): void;
  /** A counted fact for weird.log. `addl` must be printable (Bytes.text). */
  weird(name: string, addl?: string): void;
  /** Opens a file of this connection for hashing, typing and files.log. */
  openFile(options: FileStreamOptions): FileStream;
  /**
   * What follows in both directions is another protocol (HTTP CONNECT, STARTTLS, SOCKS): detection starts anew on the bytes after this call.
   * `restStart`: the other protocol begins already at this position of the call's bytes; the caller must not be given them again.
   */
  handOver(analyzer?: string, restStart?: number): void;
  /**
   * Overrides the inactivity time-out, in microseconds since the last packet (Zeek: SSH and FTP 1 h).
   * With `every`, silence is looked at only each `every` microseconds since `startedAt`, as Zeek's timer of DNS over UDP does
   * (looks each 10 s, ends after 9 s): the state goes at the first packet of the capture at or after such a moment.
   */
  setInactivity(micros: number, every?: number): void;
}

/**
 * One connection's state in one protocol. Positions are absolute in `bytes`, which is valid during the call only.
 * TCP: in order, without overlaps, any segmentation; one call per segment where it can be (SSH judges log-ins by segment sizes).
 * UDP: one call a datagram. Must not throw; must stay bounded.
 */
export interface Session {
  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void;
  /** TCP: `count` bytes of that side were never seen; the next bytes follow them. */
  onGap?(fromClient: boolean, count: number, at: EpochMicros): void;
  /** TCP: that side sent FIN and everything before it was delivered. */
  onEnd?(fromClient: boolean, at: EpochMicros): void;
  /** The ends turned out to be the other way round: swap what was learnt. Called before any bytes of the right order. */
  onFlip?(): void;
  /** State is removed: write what is still open. Last call. */
  onClose(at: EpochMicros): void;
}

/** `yes` this protocol; `no` certainly not; `more` could be, with more bytes. */
export type Verdict = 'yes' | 'no' | 'more';

/** What an analyzer with a memory across connections may do outside of a flow. The engine implements it. */
export interface AnalyzerHost {
  /** Writes a record that belongs to no single connection. */
  emit<N extends RecordName>(name: N, row: RecordRow<N>): void;
  /**
   * Asks for one `onTime` call, before the first packet at or after `at` is dispatched to its flow (0: before the next packet).
   * The earliest of several requests counts and clears the others: ask again in `onTime`. The price is one comparison a packet.
   */
  wake(at: EpochMicros): void;
}

export interface Analyzer {
  /** Zeek's name of the service, and the folder's name. */
  readonly name: string;
  readonly transports: readonly ('tcp' | 'udp')[];
  /** Server ports that get this analyzer from the first byte without a probe, as stock Zeek registers them; [] when only content decides. */
  readonly ports: Readonly<{ tcp?: readonly number[]; udp?: readonly number[] }>;
  /** Documents it implements. */
  readonly spec: string;
  /** The content of both sides must fit before it is started; else one side saying `yes` is enough. */
  readonly bothSides?: boolean;
  /**
   * Content test on the first bytes of one side (TCP: at most 1024, all that is there so far; UDP: one datagram). Reads only.
   * Each side is judged on its own: `no` is about this side and does not keep the other from saying `yes`.
   * An analyzer that Zeek starts by port alone may always say `no`.
   */
  probe(fromClient: boolean, bytes: Bytes, start: number, end: number): Verdict;
  /** `byPort`: started because of the port, nothing is known of the content yet. */
  open(flow: Flow, byPort: boolean): Session;
  /**
   * For an analyzer that remembers across connections (a DHCP conversation, certificates already written): the same analyzer with
   * a bounded memory of its own. Each engine asks once, before the first packet, and uses what it gets in place of this one.
   */
  instance?(host: AnalyzerHost): Analyzer;
  /** The time asked for with `AnalyzerHost.wake` has come; `now` is the time of the packet about to be processed. */
  onTime?(now: EpochMicros): void;
  /** The last connection was closed: write what is still open. Last call. */
  onFinish?(at: EpochMicros): void;
}

/** The columns that most rows begin with. */
export const connectionFields = (flow: Flow, ts: EpochMicros) => ({
  ts,
  uid: flow.uid,
  'id.orig_h': flow.clientAddress,
  'id.orig_p': flow.clientPort,
  'id.resp_h': flow.serverAddress,
  'id.resp_p': flow.serverPort,
});
