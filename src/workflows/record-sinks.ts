// Sinks of records that a run puts together.
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { RecordLogs } from '../store/output-directory.ts';

/** Rows gathered before they are given on. More of them would be moved by the collector before they are done with. */
const batchRows = 256;

/**
 * Gives every record to the logs, the detectors, the observer and who else listens. Each takes the same rows in the same order, a batch at
 * a time: code and tables of one stay in the processor's cache meanwhile. Call `flush` at the end.
 */
export class RunSink implements RecordSink {
  readonly #logs: RecordSink;
  readonly #detection: RecordSink;
  readonly #observer: RecordSink | undefined;
  readonly #other: RecordSink | undefined;
  readonly #names: RecordName[] = [];
  readonly #rows: RecordRow<RecordName>[] = [];
  #count = 0;

  constructor(logs: RecordSink, detection: RecordSink, observer: RecordSink | undefined, other?: RecordSink) {
    this.#logs = logs;
    this.#detection = detection;
    this.#observer = observer;
    this.#other = other;
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.#names[this.#count] = name;
    this.#rows[this.#count++] = row;
    if (this.#count === batchRows) this.flush();
  }

  /** Gives on what was gathered; a failure of one keeps no rows from the others. */
  flush(): void {
    const count = this.#count;
    this.#count = 0;
    try {
      this.#give(this.#logs, count);
    } finally {
      this.#give(this.#detection, count);
      this.#give(this.#observer, count);
      this.#give(this.#other, count);
    }
  }

  #give(sink: RecordSink | undefined, count: number): void {
    if (sink === undefined) return;
    for (let i = 0; i < count; i++) sink.emit(this.#names[i] as RecordName, this.#rows[i] as RecordRow<RecordName>);
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
