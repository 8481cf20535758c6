import { describe, expect, it } from 'vitest';
import type { RecordSink } from '../model/records/index.ts';
import { RunSink } from './record-sinks.ts';

const rowAt = (ts: number): never => ({ ts }) as never;

/** Notes the times of its rows; throws at one of them. */
class Notes implements RecordSink {
  readonly times: number[] = [];
  readonly #badAt: number;

  constructor(badAt = -1) {
    this.#badAt = badAt;
  }

  emit(_: string, row: object): void {
    const { ts } = row as { readonly ts: number };
    if (ts === this.#badAt) throw new Error('no room');
    this.times.push(ts);
  }
}

describe('RunSink', () => {
  it('gives every row to each, in order, once the last are flushed', () => {
    const sinks = [new Notes(), new Notes(), new Notes(), new Notes()] as const;
    const sink = new RunSink(...sinks);
    const times = Array.from({ length: 1000 }, (_, i) => i);
    for (const ts of times) sink.emit('conn', rowAt(ts));
    sink.flush();
    sink.flush();
    for (const { times: given } of sinks) expect(given).toEqual(times);
  });

  it('gives the detectors what was read, also when the logs cannot be written', () => {
    const detection = new Notes();
    const sink = new RunSink(new Notes(2), detection, undefined);
    for (const ts of [1, 2, 3]) sink.emit('conn', rowAt(ts));
    expect(() => sink.flush()).toThrow('no room');
    expect(detection.times).toEqual([1, 2, 3]);
    expect(() => sink.flush()).not.toThrow();
  });
});
