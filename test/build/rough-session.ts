// An analyzer's sessions treated as badly as the flow table may treat them, and what they hand out looked at closely.
import { Bytes } from '../../src/base/bytes.ts';
import { epochMicros } from '../../src/base/units.ts';
import type { Analyzer, Session } from '../../src/engine/analyzers/analyzer.ts';
import { Files } from '../../src/engine/files/files.ts';
import { type RecordName, recordTypes } from '../../src/model/records/index.ts';
import type { RecordType } from '../../src/model/records/record.ts';
import { nodePlatform } from '../../src/platform/node-platform.ts';
import { FakeFlow } from './fake-flow.ts';

/** What happens to a session next; `gap` and `end` do not happen to datagrams. */
export type Move =
  | { readonly kind: 'bytes'; readonly fromClient: boolean; readonly content: Uint8Array }
  | { readonly kind: 'gap'; readonly fromClient: boolean; readonly count: number }
  | { readonly kind: 'end'; readonly fromClient: boolean }
  | { readonly kind: 'flip' };

/** Bytes around the content of a call, which nobody should read, and after it, when nobody should read any. */
const filler = 0xee;
const before = 7;
const probeBytes = 1024;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
const unprintable = /[\u0000-\u001f\u007f]/;

function checkText(where: string, text: string): void {
  if (unprintable.test(text)) throw new Error(`${where} is not printable: ${JSON.stringify(text)}`);
}

function checkValue(where: string, value: unknown): void {
  if (typeof value === 'string') checkText(where, value);
  else if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${where} is ${value}`);
  else if (Array.isArray(value)) for (const element of value) checkValue(where, element);
}

/** @throws when a row is not what its type declares, or carries what could harm a terminal or a log */
function checkRow(name: RecordName, row: Readonly<Record<string, unknown>>): void {
  const type: RecordType = recordTypes[name];
  for (const [key, value] of Object.entries(row)) {
    if (type.columns[key] === undefined) throw new Error(`${name} has no column ${key}`);
    checkValue(`${name}.${key}`, value);
  }
  for (const [key, column] of Object.entries(type.columns)) {
    if (column.always && row[key] === undefined) throw new Error(`${name} lacks ${key}`);
  }
}

/** Plays to one analyzer as one engine has it: what it remembers across connections stays until `finish`. */
export class RoughPlayer {
  readonly #analyzer: Analyzer;
  readonly #room = new Bytes(new Uint8Array(1 << 14).fill(filler));
  readonly #files = new Files({ platform: nodePlatform, emit: (row) => checkRow('files', row), hashes: false });
  #now = 1_700_000_000_000_000;
  #wakeAt = Number.POSITIVE_INFINITY;
  #sessions = 0;

  constructor(analyzer: Analyzer) {
    const host = {
      emit: (name: RecordName, row: object) => checkRow(name, row as Record<string, unknown>),
      wake: (at: number) => {
        this.#wakeAt = Math.min(this.#wakeAt, at);
      },
    };
    this.#analyzer = analyzer.instance?.(host) ?? analyzer;
  }

  /** One connection from beginning to end; the session gets nothing more once it wants no more. @throws what it throws */
  play(transport: 'tcp' | 'udp', moves: readonly Move[]): FakeFlow {
    const flow: FakeFlow = new FakeFlow(this.#analyzer.name, {
      uid: `C${++this.#sessions}`,
      transport,
      serverPort: this.#analyzer.ports[transport]?.[0] ?? 4000,
      platform: nodePlatform,
      startedAt: epochMicros(this.#now),
      openFile: (options) => this.#files.open(flow, options),
    });
    const session = this.#analyzer.open(flow, true);
    const ended = [false, false];
    for (const move of moves) {
      if (flow.finished || flow.rejected !== undefined || flow.handedTo.length > 0) break;
      this.#tick(1000);
      this.#move(flow, session, move, ended);
    }
    session.onClose(epochMicros(this.#now));
    this.#check(flow);
    return flow;
  }

  /** The end of the capture. */
  finish(): void {
    this.#tick(60e6);
    this.#analyzer.onFinish?.(epochMicros(this.#now));
    this.#files.close(epochMicros(this.#now));
  }

  #tick(micros: number): void {
    this.#now += micros;
    if (this.#now < this.#wakeAt) return;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.#analyzer.onTime?.(epochMicros(this.#now));
  }

  #move(flow: FakeFlow, session: Session, move: Move, ended: boolean[]): void {
    const at = epochMicros(this.#now);
    if (move.kind === 'flip') {
      flow.flipEnds();
      session.onFlip?.();
      ended.reverse();
      return;
    }
    const { fromClient } = move;
    if (ended[Number(fromClient)] === true) return;
    if (move.kind === 'bytes') this.#bytes(session, fromClient, move.content);
    else if (flow.transport === 'udp') return;
    else if (move.kind === 'gap') session.onGap?.(fromClient, move.count, at);
    else {
      ended[Number(fromClient)] = true;
      session.onEnd?.(fromClient, at);
    }
  }

  #bytes(session: Session, fromClient: boolean, content: Uint8Array): void {
    const { u8 } = this.#room;
    const end = before + content.length;
    u8.set(content, before);
    const verdict = this.#analyzer.probe(fromClient, this.#room, before, Math.min(end, before + probeBytes));
    if (verdict !== 'yes' && verdict !== 'no' && verdict !== 'more') throw new Error(`the probe says ${verdict}`);
    session.onBytes(fromClient, this.#room, before, end, epochMicros(this.#now));
    u8.fill(filler, before, end);
  }

  #check(flow: FakeFlow): void {
    for (const { name, row } of flow.rows) checkRow(name, row);
    for (const detail of [...flow.weirdDetails, ...flow.weirds]) checkText('weird', detail);
    for (const { serverPort } of flow.expectations) {
      if (!(serverPort > 0 && serverPort < 65536)) throw new Error(`expects a connection to port ${serverPort}`);
    }
  }
}
