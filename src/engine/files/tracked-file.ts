// One file in transfer: counts, types and hashes its bytes, and writes its row of files.log when it ends.

import { latin1 } from '../../base/bytes.ts';
import { type EpochMicros, secondsBetween } from '../../base/units.ts';
import type { FilesRecord } from '../../model/records/files.ts';
import type { Digest, Platform } from '../platform.ts';
import type { FileStream, FileStreamOptions } from './file-stream.ts';
import { type Algorithm, hashesFor } from './hash-choice.ts';
import { fileType, sniffBytes } from './magic/file-type.ts';
import { RangeBuffer } from './range-buffer.ts';

/** Without a byte for this long the file ends as timed out; Zeek's `default_file_timeout_interval`. */
export const timeoutMicros = 120e6;

/** One connection that carries the file, as it is in the row. */
export interface Carrier {
  readonly uid: string;
  readonly 'id.orig_h': string;
  readonly 'id.orig_p': number;
  readonly 'id.resp_h': string;
  readonly 'id.resp_p': number;
  readonly localSender: boolean;
  readonly context: string | undefined;
}

/** A whole small file of a type that says more than its bytes. */
export interface FileContent {
  readonly fuid: string;
  readonly mimeType: string;
  readonly startedAt: EpochMicros;
  /** Valid during the call. */
  readonly bytes: Uint8Array;
}

/** Types that are read, not only counted. */
const readTypes = new Set(['application/ocsp-response']);
/** Longest file of these types. */
const maxContent = 65_536;

/** What a file needs of its registry. */
export interface FileOwner {
  readonly platform: Platform;
  readonly hashes: boolean;
  emit(row: FilesRecord): void;
  /** Takes the content of a whole file of a type that is read itself, before its row. */
  read(content: FileContent): void;
  /** The file wrote its row: its handle is free. */
  ended(file: TrackedFile): void;
}

/** As Zeek names the analyzers that hash. */
const analyzerNames: Readonly<Record<Algorithm, string>> = { md5: 'MD5', sha1: 'SHA1', sha256: 'SHA256' };
const none: readonly string[] = [];
const noBytes = new Uint8Array(0);
const maxCarriers = 100;
/** Fewer bytes than this are no head, even of a file that says to be shorter. */
const leastHead = 256;
/** Room for first bytes, to be used again: most files wait for them over two or three segments only. */
const idleHeads: Uint8Array[] = [];
const maxIdleHeads = 64;

export class TrackedFile implements FileStream {
  readonly fuid: string;
  /** Key in the registry; undefined when the file belongs to one transfer. */
  readonly handle: string | undefined;
  isNewHere = true;
  mimeType: string | undefined;

  readonly #owner: FileOwner;
  readonly #options: FileStreamOptions;
  readonly #carriers: Carrier[];
  #filename: string | undefined;
  #startedAt: EpochMicros;
  #lastAt: EpochMicros;
  #total: number | undefined;
  #seen = 0;
  #missing = 0;
  #overflow = 0;
  /** Where the next byte in order belongs, and where the next byte pushed does. */
  #offset = 0;
  #position = 0;
  /** First bytes, until the type is known. */
  #head: Uint8Array = noBytes;
  #headLength = 0;
  /** As many of them are waited for; 0 before the first. */
  #headNeeded = 0;
  /** Bytes of the head that are hashed: more than were delivered when it became full in the middle of a piece. */
  #hashedHead = 0;
  #sniffed: boolean;
  /** Content so far, of types that are read. */
  #content = noBytes;
  #contentLength = 0;
  #digests: Digest[] | undefined;
  #algorithms: readonly Algorithm[] = [];
  /** Of the algorithms, in their order; empty without. */
  #hashes: readonly string[] = none;
  #ranges: RangeBuffer | undefined;
  #flushing = false;
  #closed = false;

  constructor(owner: FileOwner, fuid: string, carrier: Carrier, options: FileStreamOptions) {
    this.#owner = owner;
    this.fuid = fuid;
    this.handle = options.handle;
    this.#options = options;
    this.mimeType = options.mimeType;
    this.#sniffed = options.mimeType !== undefined;
    this.#carriers = [carrier];
    this.#filename = options.filename;
    this.#total = options.totalBytes;
    this.#startedAt = options.at;
    this.#lastAt = options.at;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** A further connection carries the same file. */
  join(carrier: Carrier): void {
    this.isNewHere = this.#carriers.length < maxCarriers && !this.#carriers.some(({ uid }) => uid === carrier.uid);
    if (this.isNewHere) this.#carriers.push(carrier);
  }

  setTotal(bytes: number): void {
    this.#total = bytes;
  }

  setFilename(name: string): void {
    this.#filename = name;
  }

  seek(offset: number): void {
    this.#position = offset;
  }

  push(bytes: Uint8Array, start: number, end: number, at: EpochMicros): void {
    if (this.#closed || end <= start) return;
    this.#lastAt = at;
    const position = this.#position;
    this.#position += end - start;
    if (this.#ranges === undefined && position === this.#offset) this.#deliver(bytes, start, end);
    else this.#reassemble(bytes, start, end, position);
    if (this.#total !== undefined && this.#offset >= this.#total) this.#finish(false);
  }

  gap(count: number, at: EpochMicros): void {
    if (this.#closed || count <= 0) return;
    this.#lastAt = at;
    const end = this.#position + count;
    this.#position = end;
    if (this.#ranges === undefined) this.#skip(count);
    else this.#flushTo(end);
  }

  close(at: EpochMicros, timedOut = false): void {
    if (!this.#closed) this.#finish(timedOut || this.isExpired(at));
  }

  /** Zeek looks every two minutes from the beginning of the file whether it has been idle as long. */
  isExpired(at: EpochMicros): boolean {
    const idleFrom = this.#lastAt + timeoutMicros - this.#startedAt;
    const check = Math.ceil(idleFrom / timeoutMicros) * timeoutMicros;
    return this.#startedAt + check < at;
  }

  #deliver(bytes: Uint8Array, start: number, end: number): void {
    const isWhole = this.#total === end - start && this.#offset === 0;
    if (!this.#sniffed) this.#buffer(bytes, start, end, isWhole);
    if (this.mimeType !== undefined && readTypes.has(this.mimeType)) this.#keep(bytes, start, end);
    if (this.#sniffed) {
      const from = Math.min(end, start + Math.max(0, this.#hashedHead - this.#offset));
      this.#hash(bytes, from, end, isWhole);
    }
    this.#offset += end - start;
    this.#seen += end - start;
  }

  /** Collects the content behind what is known of it, up to a bound. */
  #keep(bytes: Uint8Array, start: number, end: number): void {
    const known = this.#contentLength - this.#offset;
    const from = start + known;
    if (known < 0 || from >= end || this.#contentLength + end - from > maxContent) return;
    const length = this.#contentLength + end - from;
    if (this.#content.length < length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#content.length));
      grown.set(this.#content);
      this.#content = grown;
    }
    this.#content.set(bytes.subarray(from, end), this.#contentLength);
    this.#contentLength = length;
  }

  #readContent(): void {
    const { mimeType } = this;
    if (mimeType === undefined || this.#contentLength === 0 || this.#contentLength !== this.#offset || this.#missing > 0) return;
    const bytes = this.#content.subarray(0, this.#contentLength);
    this.#owner.read({ fuid: this.fuid, mimeType, startedAt: this.#startedAt, bytes });
    this.#content = noBytes;
  }

  /** Bytes in order, once the type is known: it decides which hashes there are, however the bytes came. */
  #hash(bytes: Uint8Array, start: number, end: number, isWhole: boolean): void {
    const { platform, hashes } = this.#owner;
    if (!hashes || this.#missing > 0 || start === end) return;
    if (this.#digests === undefined) this.#algorithms = hashesFor(this.mimeType);
    const piece = bytes.subarray(start, end); // one for all algorithms
    if (isWhole) {
      this.#hashes = this.#algorithms.map((algorithm) => platform.digestOf(algorithm, piece, 0, piece.length));
      return;
    }
    this.#digests ??= this.#algorithms.map((algorithm) => platform.digest(algorithm));
    for (const digest of this.#digests) digest.update(piece, 0, piece.length);
  }

  /** Collects the first bytes; looks at them where they lie when they come in one piece. */
  #buffer(bytes: Uint8Array, start: number, end: number, isWhole: boolean): void {
    if (this.#headLength === 0 && (isWhole || end - start >= sniffBytes)) {
      this.#sniff(bytes, start, Math.min(end, start + sniffBytes));
      return;
    }
    if (this.#headNeeded === 0) this.#headNeeded = Math.min(sniffBytes, Math.max(leastHead, this.#total ?? sniffBytes));
    if (this.#head.length === 0) this.#head = idleHeads.pop() ?? new Uint8Array(sniffBytes);
    const length = Math.min(this.#headLength + end - start, this.#headNeeded);
    this.#head.set(bytes.subarray(start, start + length - this.#headLength), this.#headLength);
    this.#headLength = length;
    if (length >= this.#headNeeded) this.#sniffHead(length === this.#total);
  }

  #sniff(bytes: Uint8Array, start: number, end: number): void {
    this.#sniffed = true;
    this.mimeType = fileType(latin1(bytes, start, end));
    if (this.mimeType === undefined || !readTypes.has(this.mimeType)) return;
    this.#content = bytes.slice(start, end);
    this.#contentLength = end - start;
  }

  /** The first bytes end here: what was collected must do. */
  #endOfHead(isWhole: boolean): void {
    if (this.#sniffed) return;
    if (this.#headLength === 0) this.#sniffed = true;
    else this.#sniffHead(isWhole);
  }

  /** `isWhole`: there is no more of the file than its head. */
  #sniffHead(isWhole: boolean): void {
    const head = this.#head;
    this.#sniff(head, 0, this.#headLength);
    this.#hash(head, 0, this.#headLength, isWhole);
    this.#hashedHead = this.#headLength;
    if (idleHeads.length < maxIdleHeads) idleHeads.push(head);
    this.#head = noBytes;
  }

  #skip(count: number): void {
    this.#endOfHead(false);
    this.#digests = undefined;
    this.#offset += count;
    this.#missing += count;
  }

  #reassemble(bytes: Uint8Array, start: number, end: number, position: number): void {
    this.#ranges ??= new RangeBuffer();
    if (this.#ranges.isFull) {
      const before = this.#missing;
      this.#flushTo(Number.POSITIVE_INFINITY);
      this.#overflow += this.#missing - before;
    }
    const known = Math.max(0, this.#offset - position);
    if (start + known < end) this.#ranges.add(bytes, start + known, end, position + known);
    this.#takeReady(this.#ranges);
  }

  #takeReady(ranges: RangeBuffer): void {
    for (let block = ranges.take(this.#offset); block !== undefined; block = ranges.take(this.#offset)) {
      const known = Math.max(0, this.#offset - block.at);
      if (known < block.bytes.length) this.#deliver(block.bytes, known, block.bytes.length);
    }
  }

  /** Delivers all that waits before `end`, with the holes between; infinity: all that waits. */
  #flushTo(end: number): void {
    const ranges = this.#ranges;
    if (ranges === undefined || this.#flushing) return;
    this.#flushing = true;
    for (let block = ranges.take(end); block !== undefined; block = ranges.take(end)) {
      if (block.at > this.#offset) this.#skip(block.at - this.#offset);
      const known = Math.max(0, this.#offset - block.at);
      if (known < block.bytes.length) this.#deliver(block.bytes, known, block.bytes.length);
    }
    if (end > this.#offset && Number.isFinite(end)) this.#skip(end - this.#offset);
    this.#flushing = false;
  }

  #finish(timedOut: boolean): void {
    this.#flushTo(Number.POSITIVE_INFINITY);
    this.#endOfHead(true);
    this.#closed = true;
    if (this.#digests !== undefined && this.#missing === 0) this.#hashes = this.#digests.map((digest) => digest.hex());
    if (this.#missing > 0) this.#hashes = none;
    this.#digests = undefined;
    this.#ranges = undefined;
    this.#readContent();
    this.#owner.ended(this);
    for (const carrier of this.#carriers) this.#owner.emit(this.#row(carrier, timedOut));
  }

  #hashOf(algorithm: Algorithm): string | undefined {
    return this.#hashes[this.#algorithms.indexOf(algorithm)];
  }

  #row(carrier: Carrier, timedout: boolean): FilesRecord {
    const { source, fromClient, depth } = this.#options;
    return {
      ts: this.#startedAt,
      fuid: this.fuid,
      uid: carrier.uid,
      'id.orig_h': carrier['id.orig_h'],
      'id.orig_p': carrier['id.orig_p'],
      'id.resp_h': carrier['id.resp_h'],
      'id.resp_p': carrier['id.resp_p'],
      source,
      depth,
      analyzers: this.#hashes.length > 0 ? this.#algorithms.map((algorithm) => analyzerNames[algorithm]) : none,
      mime_type: this.mimeType,
      filename: this.#filename,
      duration: secondsBetween(this.#startedAt, this.#lastAt),
      local_orig: carrier.localSender,
      is_orig: fromClient,
      seen_bytes: this.#seen,
      total_bytes: this.#total,
      missing_bytes: this.#missing,
      overflow_bytes: this.#overflow,
      timedout,
      parent_fuid: undefined,
      md5: this.#hashOf('md5'),
      sha1: this.#hashOf('sha1'),
      sha256: this.#hashOf('sha256'),
      extracted: undefined,
      extracted_cutoff: undefined,
      extracted_size: undefined,
      context: carrier.context,
    };
  }
}
