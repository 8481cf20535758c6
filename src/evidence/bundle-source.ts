// Port: the files of a bundle, wherever it lies. Adapters: bundle-directory/, bundle-tar/.

/** One thing found in a bundle. */
export type FoundFile =
  | {
      readonly path: string;
      readonly bytes: number;
      /** Its content, once, before the next file is asked for. */
      readonly content: AsyncIterable<Uint8Array>;
    }
  /** Something that has no place in a bundle: a link, a device, a path that leads out of it, a damaged archive. */
  | { readonly path: string; readonly unsafe: string };

/** A bundle to be read. */
export interface BundleSource {
  /** What a person called it. */
  readonly path: string;
  /** All files, in any order. @throws {VedetteError} `input-missing`, `input-unreadable`, `bundle-format` */
  files(): AsyncIterable<FoundFile>;
}
