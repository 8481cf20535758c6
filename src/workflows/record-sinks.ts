// Sinks of records that a run puts together.
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { RecordLogs } from '../store/output-directory.ts';

/** Gives every record to the logs, the detectors, the observer and who else listens. Each has a place of its own: a call whose target is known costs nothing. */
export class RunSink implements RecordSink {
  readonly #logs: RecordSink;
  readonly #detection: RecordSink;
  readonly #observer: RecordSink | undefined;
  readonly #other: RecordSink | undefined;

  constructor(logs: RecordSink, detection: RecordSink, observer: RecordSink | undefined, other?: RecordSink) {
    this.#logs = logs;
    this.#detection = detection;
    this.#observer = observer;
    this.#other = other;
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.#logs.emit(name, row);
    this.#detection.emit(name, row);
    this.#observer?.emit(name, row);
    this.#other?.emit(name, row);
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
