// Sinks of records that a run puts together.
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { RecordLogs } from '../store/output-directory.ts';

/** Gives every record to two sinks, in order. */
export class Fanout implements RecordSink {
  readonly #first: RecordSink;
  readonly #second: RecordSink;

  constructor(first: RecordSink, second: RecordSink) {
    this.#first = first;
    this.#second = second;
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.#first.emit(name, row);
    this.#second.emit(name, row);
  }
}

/** Counts rows by log, for runs that write none. */
export class RowCounter implements RecordLogs {
  readonly #counts: Record<string, number> = {};

  emit(name: RecordName): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }

  counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  close(): void {}
}
