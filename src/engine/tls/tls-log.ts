// One row of ssl.log while it comes about: what the script layer of Zeek 8.2.2 keeps of a TLS connection.
import type { EpochMicros } from '../../base/units.ts';
import type { SslRecord } from '../../model/records/ssl.ts';
import { connectionFields, type Flow } from '../analyzers/analyzer.ts';
import type { SeenCertificate } from '../x509/certificate-memory.ts';
import { certificateCovers } from '../x509/host-match.ts';

/** Zeek's bound; after it the history stands still. */
const maxHistory = 100;

/** Collects; `write` emits the row, once. */
export class TlsLog {
  startedAt: EpochMicros | undefined;
  version: string | undefined;
  cipher: string | undefined;
  curve: string | undefined;
  serverName: string | undefined;
  resumed = false;
  lastAlert: string | undefined;
  protocol: string | undefined;
  established = false;
  ja3: string | undefined;
  ja3s: string | undefined;
  ja4: string | undefined;
  #history = '';
  #written = false;
  /** Undefined until a certificate came from either side; a certificate that could not be read is undefined in it. */
  #serverChain: (SeenCertificate | undefined)[] | undefined;
  #clientChain: (SeenCertificate | undefined)[] | undefined;
  readonly #flow: Flow;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  /** There is something to log, and this is its time if it is the first. */
  touch(at: EpochMicros): void {
    this.startedAt ??= at;
  }

  /** Appends a letter, upper case from the client. */
  mark(letter: string, fromClient: boolean): void {
    if (this.#history.length >= maxHistory) return;
    this.#history += fromClient ? letter.toUpperCase() : letter;
    if (this.#history.length === maxHistory) this.#flow.weird('SSL_max_ssl_history_length_reached');
  }

  addCertificate(seen: SeenCertificate | undefined, fromClient: boolean): void {
    this.#serverChain ??= [];
    this.#clientChain ??= [];
    (fromClient ? this.#clientChain : this.#serverChain).push(seen);
  }

  write(): void {
    if (this.#written || this.startedAt === undefined) return;
    this.#written = true;
    this.#flow.emit('ssl', this.#row(this.startedAt));
  }

  #row(startedAt: EpochMicros): SslRecord {
    const leaf = this.#serverChain?.[0]?.certificate;
    const { serverName } = this;
    return {
      ...connectionFields(this.#flow, startedAt),
      version: this.version,
      cipher: this.cipher,
      curve: this.curve,
      server_name: serverName,
      resumed: this.resumed,
      last_alert: this.lastAlert,
      next_protocol: this.protocol,
      established: this.established,
      ssl_history: this.#history,
      cert_chain_fps: fingerprints(this.#serverChain),
      client_cert_chain_fps: fingerprints(this.#clientChain),
      sni_matches_cert: leaf === undefined || serverName === undefined ? undefined : certificateCovers(leaf, serverName),
      ja3: this.ja3,
      ja3s: this.ja3s,
      ja4: this.ja4,
      subject: leaf?.subject,
      issuer: leaf?.issuer,
      context: this.#flow.context,
    };
  }
}

const fingerprints = (chain: readonly (SeenCertificate | undefined)[] | undefined): readonly string[] | undefined =>
  chain?.flatMap((seen) => (seen === undefined ? [] : [seen.fingerprint]));
