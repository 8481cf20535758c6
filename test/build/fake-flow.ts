// A connection without a flow table: what a session asks of it is collected for the test to look at.
import { createHash } from 'node:crypto';
import { epochMicros } from '../../src/base/units.ts';
import type { Expectation, Flow } from '../../src/engine/analyzers/analyzer.ts';
import type { FileStream } from '../../src/engine/files/file-stream.ts';
import type { Platform } from '../../src/engine/platform.ts';
import type { RecordName, RecordRow } from '../../src/model/records/index.ts';

const unavailable = (): never => {
  throw new Error('not in this fake');
};

/** Digests by Node; nothing else. */
const digestsOnly: Platform = {
  digest(algorithm) {
    const hash = createHash(algorithm);
    return { update: (bytes, start, end) => void hash.update(bytes.subarray(start, end)), hex: () => hash.digest('hex') };
  },
  digestOf: (algorithm, bytes, start, end) => createHash(algorithm).update(bytes.subarray(start, end)).digest('hex'),
  inflater: unavailable,
  hmacSha256: unavailable,
  aes128Block: unavailable,
  aes128GcmOpen: unavailable,
};

/** A file that nobody looks at. */
export const deafFile: FileStream = {
  fuid: 'F0',
  mimeType: undefined,
  isNewHere: true,
  seek: () => {},
  push: () => {},
  gap: () => {},
  setTotal: () => {},
  setFilename: () => {},
  close: () => {},
};

export class FakeFlow implements Flow {
  uid = 'C0';
  transport: 'tcp' | 'udp' = 'tcp';
  clientAddress = '192.0.2.1';
  clientPort = 40000;
  serverAddress = '198.51.100.1';
  serverPort = 1;
  clientIsLocal = false;
  serverIsLocal = false;
  startedAt = epochMicros(0);
  context = undefined;
  seenFromStart = true;
  platform = digestsOnly;

  readonly rows: { name: RecordName; row: Record<string, unknown> }[] = [];
  /** Confirmed services in order; a rejected session's own service is gone. */
  readonly services: string[] = [];
  readonly weirds: string[] = [];
  readonly weirdDetails: string[] = [];
  readonly expectations: Expectation[] = [];
  readonly handedTo: (string | undefined)[] = [];
  history = '';
  flips = 0;
  inactivity: number | undefined;
  rejected: string | undefined;
  finished = false;
  readonly #service: string;

  /** @param service what `confirm()` without a name stands for. */
  constructor(service = 'self', values: Partial<Flow> = {}) {
    this.#service = service;
    Object.assign(this, values);
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.rows.push({ name, row });
  }
  confirm(service = this.#service): void {
    if (!this.services.includes(service)) this.services.push(service);
  }
  reject(reason: string): void {
    this.rejected = reason;
    const at = this.services.indexOf(this.#service);
    if (at >= 0) this.services.splice(at, 1);
  }
  done(): void {
    this.finished = true;
  }
  expect(expectation: Expectation): void {
    this.expectations.push(expectation);
  }
  markHistory(letter: string): void {
    if (!this.history.includes(letter)) this.history += letter;
  }
  flipEnds(): void {
    const { clientAddress, clientPort } = this;
    this.clientAddress = this.serverAddress;
    this.clientPort = this.serverPort;
    this.serverAddress = clientAddress;
    this.serverPort = clientPort;
    this.flips++;
  }
  weird(name: string, addl?: string): void {
    this.weirds.push(name);
    if (addl !== undefined) this.weirdDetails.push(addl);
  }
  openFile(): FileStream {
    return deafFile;
  }
  handOver(analyzer?: string): void {
    this.handedTo.push(analyzer);
  }
  setInactivity(micros: number): void {
    this.inactivity = micros;
  }
}
