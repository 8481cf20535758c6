// Port: a bundle while it is made, and one that gets more lines of custody. Adapter: bundle-directory/.
import type { BundleFile } from './manifest.ts';

/** What a file is and where it came from. */
export interface FileOrigin {
  readonly what: string;
  readonly source: string;
}

/** A bundle in the making: under another name until it is whole. */
export interface BundleFolder {
  /** Where it will be. */
  readonly path: string;
  /** Listed files so far. */
  readonly files: readonly BundleFile[];
  /** A place in the file system where another job may write this file; then `adopt` it. */
  place(path: string): Promise<string>;
  /** Takes a placed file in; undefined when nothing was written there. */
  adopt(path: string, origin: FileOrigin): Promise<BundleFile | undefined>;
  write(path: string, content: string | Uint8Array, origin: FileOrigin): Promise<BundleFile>;
  /** Copies a file of this machine in, hashing what is copied. @throws {VedetteError} `input-missing`, `input-unreadable` */
  copy(from: string, path: string, origin: FileOrigin): Promise<BundleFile>;
  /** Writes a file that is not listed: the sums and what comes after them. */
  writeUnlisted(path: string, content: string | Uint8Array): Promise<void>;
  /** Makes it durable and gives it its name; nothing that is there is replaced. @throws {VedetteError} `output-exists`, `output-unwritable` */
  publish(): Promise<void>;
  /** Gives up: nothing stays behind. */
  abandon(): Promise<void>;
}

/** A bundle that is there; only lines of custody and a time stamp are ever added to it. */
export interface SealedFolder {
  readonly path: string;
  /** A small file; undefined when there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Writes files that are not there yet, then adds a line to the custody log; alone among processes. @throws {VedetteError} `bundle-busy` */
  add(files: Readonly<Record<string, Uint8Array>>, custody: (log: string) => string): Promise<void>;
}
