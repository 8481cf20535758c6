// Frames through an engine of their own: what comes out, in order.
import type { Analyzer } from '../../src/engine/analyzers/analyzer.ts';
import { Engine, type EngineCounters, type EngineOptions } from '../../src/engine/engine.ts';
import type { RecordName, RecordRow, RecordSink } from '../../src/model/records/index.ts';
import { batchOf, capturePoint, ethernet, ipv4, type Taken, type TcpFields, tcp } from './frames.ts';
import { noPlatform } from './no-platform.ts';

export interface Played {
  rows<N extends RecordName>(name: N): readonly RecordRow<N>[];
  readonly counters: EngineCounters;
}

/** @param options no analyzers unless given. */
export function playFrames(taken: readonly Taken[], options: EngineOptions = {}): Played {
  const rows: { name: RecordName; row: unknown }[] = [];
  const sink: RecordSink = { emit: (name, row) => void rows.push({ name, row }) };
  const engine = new Engine({ analyzers: [], ...options }, noPlatform, sink);
  engine.onBatch(batchOf(taken), [capturePoint()]);
  engine.finish();
  const [failure] = engine.failures;
  if (failure !== undefined) throw failure.error;
  return {
    rows: <N extends RecordName>(name: N) => rows.filter((entry) => entry.name === name).map((entry) => entry.row as RecordRow<N>),
    counters: engine.counters,
  };
}

/** Numbers of the first bytes of both sides. */
export const clientStart = 1000;
export const serverStart = 5000;
const flagBits: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 };

export interface Said {
  /** Relative sequence number; the SYN is 0. */
  readonly seq?: number;
  /** Relative acknowledgement; needs the flag A. */
  readonly ack?: number;
  readonly data?: string;
  /** Seconds since the beginning. */
  readonly at?: number;
  readonly clientPort?: number;
  readonly serverPort?: number;
}

/** A segment of the client (`>`) or the server (`<`) with flags such as `SA`. */
export function said(side: '>' | '<', flags: string, values: Said = {}): Taken {
  const { seq = 1, ack = 1, data = '', at, clientPort = 40_000, serverPort = 7777 } = values;
  const fromClient = side === '>';
  const bits = [...flags].reduce((sum, letter) => sum | (flagBits[letter] ?? 0), 0);
  const fields: TcpFields = {
    sequence: ((fromClient ? clientStart : serverStart) + seq) >>> 0,
    acknowledged: flags.includes('A') ? ((fromClient ? serverStart : clientStart) + ack) >>> 0 : 0,
    flags: bits,
  };
  const [from, to] = fromClient ? [clientPort, serverPort] : [serverPort, clientPort];
  const [source, target] = fromClient ? ['10.0.0.1', '198.51.100.2'] : ['198.51.100.2', '10.0.0.1'];
  const segment = tcp(
    from,
    to,
    fields,
    Uint8Array.from(data, (letter) => letter.charCodeAt(0)),
  );
  const frame = ethernet(ipv4(segment, { source, target, protocol: 6, id: nextId() }));
  return { frame, ...(at === undefined ? {} : { at: 1_600_000_000_000_000 + at * 1e6 }) };
}

let id = 0;
/** Packets of one host differ in their identification, else they would be copies of one another. */
const nextId = (): number => {
  id = (id + 1) & 0xffff;
  return id;
};

export const handshake = (): Taken[] => [said('>', 'S', { seq: 0 }), said('<', 'SA', { seq: 0 }), said('>', 'A')];

/** Hears what a stream says, on server port 7777. */
export function eavesdropper(heard: string[]): Analyzer {
  return {
    name: 'heard',
    transports: ['tcp', 'udp'],
    ports: { tcp: [7777], udp: [7777] },
    spec: '',
    probe: () => 'no',
    open: () => ({
      onBytes: (fromClient, bytes, start, end) => void heard.push(`${fromClient ? '>' : '<'}${bytes.latin1(start, end)}`),
      onGap: (fromClient, count) => void heard.push(`${fromClient ? '>' : '<'}[${count}]`),
      onEnd: (fromClient) => void heard.push(`${fromClient ? '>' : '<'}.`),
      onClose: () => void heard.push('closed'),
    }),
  };
}
