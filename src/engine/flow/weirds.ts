// weird.log: oddities, each name once per subject for a while, so that a flood of them stays a handful of rows.
import { epochMicros } from '../../base/units.ts';
import type { RecordSink } from '../../model/records/index.ts';
import { ignoredWeirds, noticedWeirds, perClientWeirds, perConnectionWeirds } from './weird-policy.ts';

/** Zeek's Weird::weird_ignore: a name of one subject is not repeated for ten minutes. */
const quietTime = 600e6;
const day = 86_400e6;
/** Subjects that are remembered; the oldest are forgotten. */
const mostRemembered = 65_536;

/** Times by key, oldest first, bounded. */
class Recent {
  readonly #times = new Map<string, number>();
  readonly #lifetime: number;

  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  /** Whether the key is new (or its time is over); remembers it then. */
  isNew(key: string, at: number): boolean {
    const before = this.#times.get(key);
    if (before !== undefined && at - before < this.#lifetime) return false;
    this.#times.delete(key);
    this.#times.set(key, at);
    this.#forget(at);
    return true;
  }

  /** What is over goes, and the oldest when there are too many. */
  #forget(at: number): void {
    for (const [key, before] of this.#times) {
      if (at - before < this.#lifetime && this.#times.size <= mostRemembered) return;
      this.#times.delete(key);
    }
  }
}

/** Whom an oddity is about. */
export interface WeirdSubject {
  /** Unset for a packet that belongs to no connection. */
  readonly uid: string | undefined;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly context: string | undefined;
}

export class Weirds {
  readonly #sink: RecordSink;
  readonly #repeats = new Recent(quietTime);
  readonly #limited = new Recent(day);
  /** Every oddity by name, written or not. */
  readonly counts = new Map<string, number>();

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  /** @param subject undefined when no address is known. */
  raise(at: number, name: string, subject: WeirdSubject | undefined, source: string | undefined, addl: string | undefined): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (ignoredWeirds.has(name)) return;
    const identity = subject === undefined ? '' : identityOf(subject);
    if (!this.#isPermitted(at, name, subject, identity)) return;
    this.#sink.emit('weird', {
      ts: epochMicros(at),
      uid: subject?.uid,
      'id.orig_h': subject?.clientAddress,
      'id.orig_p': subject?.clientPort,
      'id.resp_h': subject?.serverAddress,
      'id.resp_p': subject?.serverPort,
      name,
      addl,
      notice: noticedWeirds.has(name),
      peer: 'vedette',
      source,
      context: subject?.context,
    });
  }

  #isPermitted(at: number, name: string, subject: WeirdSubject | undefined, identity: string): boolean {
    if (!this.#repeats.isNew(`${name} ${identity}`, at)) return false;
    if (perClientWeirds.has(name)) return this.#limited.isNew(`${name} ${subject?.clientAddress ?? ''}`, at);
    return perConnectionWeirds.has(name) ? this.#limited.isNew(`${name} ${identity}`, at) : true;
  }
}

const identityOf = (subject: WeirdSubject): string =>
  subject.uid === undefined
    ? `${subject.clientAddress} ${subject.serverAddress}`
    : `${subject.clientAddress} ${subject.clientPort} ${subject.serverAddress} ${subject.serverPort}`;
