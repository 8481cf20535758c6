// Secrets stay out of what people and files see: text that came from outside passes a redactor before it is shown.
import { inspect } from 'node:util';

/** A password or token that no printer shows by accident; `reveal` is the only way to it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself, for the wire. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}

const hidden = '[secret]';

/** Shorter ones would make holes in ordinary words. */
const shortestSecret = 4;

/** How many are remembered; tokens come anew every hour. */
const secretsKept = 64;

/** What looks like a secret, whoever it belongs to; the first group is kept. */
const patterns: readonly RegExp[] = [
  // "password": "…", secret=…, X-Auth-Token: …
  /((?:password|passwd|secret|token|authorization|passcode)["']?\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&}<]+)/gi,
  // https://user:password@host
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+(?=@)/gi,
  // Keystone's tokens (Fernet): gAAAAABlZ…
  /()\bgAAAAA[\w-]{20,}={0,2}/g,
];

/** Knows the secrets in use and takes them, and whatever looks like one, out of text. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Remembers a secret, also as JSON and URLs write it. */
  add(secret: string): void {
    if (secret.length < shortestSecret) return;
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) this.#secrets.add(form);
    for (const oldest of this.#secrets) {
      if (this.#secrets.size <= secretsKept) break;
      this.#secrets.delete(oldest);
    }
  }

  /** The text without secrets. */
  redact(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, hidden);
    for (const pattern of patterns) clean = clean.replace(pattern, `$1${hidden}`);
    return clean;
  }

  /** An error that may be kept as a cause: name, code and redacted message, nothing else of the original. */
  causeOf(error: unknown): Error {
    if (!(error instanceof Error)) return new Error(this.redact(String(error)));
    const { code } = error as NodeJS.ErrnoException;
    const clean = new Error(this.redact(error.message));
    clean.name = error.name;
    if (code !== undefined) Object.assign(clean, { code });
    return clean;
  }
}
