// What the payload engine says about a text: which attack it carries, and whom it would make the machine call.

/** Kinds of payload, by what they would make the attacked machine do. */
export type PayloadFamily =
  | 'reverse-shell'
  | 'bind-shell'
  | 'download'
  | 'command'
  | 'look-up'
  | 'code'
  | 'template'
  | 'traversal'
  | 'sql'
  | 'external-entity'
  | 'request-forgery'
  | 'script'
  | 'web-shell';

/**
 * exploit: it would run the attacker's commands or code; attack: it would read or change data;
 * probe: it asks whether an attack would work.
 */
export type Strength = 'exploit' | 'attack' | 'probe';

/** What the attacked machine would do at the other end. */
export type CallbackKind = 'shell' | 'look-up' | 'download' | 'fetch' | 'ping' | 'name';

/** The end that a payload names. */
export interface Callback {
  /** Canonical address text, or host name in lower case. */
  readonly host: string;
  readonly port?: number;
  readonly kind: CallbackKind;
}

/** Where a text stood in a message; some signs mean something in some places only. */
export type Place = 'path' | 'query' | 'form' | 'body' | 'header' | 'stream';

/** One attack recognised in a text. */
export interface Sign {
  readonly family: PayloadFamily;
  /** What it looks like, for a person: "bash network redirection". */
  readonly technique: string;
  readonly strength: Strength;
  readonly callback?: Callback;
  /** Printable text around the match after decoding, at most 300 characters. */
  readonly decodedSnippet: string;
  /** Decoding steps that were needed, in order: "percent", "base64", … */
  readonly steps: readonly string[];
}
