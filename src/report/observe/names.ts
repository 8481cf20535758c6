// Names that were asked for, in order of first sight, and what each address is called.
import { parseAddress } from '../../base/ip.ts';
import type { RecordRow } from '../../model/records/index.ts';
import type { AskedName } from './observations.ts';
import { Tally } from './tally.ts';

const maxNames = 5000;
const maxAnswers = 8;
const maxAddresses = 50_000;

/** Reverse look-ups ask for an address, not for a name. */
const isReverse = (name: string): boolean => (name.charCodeAt(name.length - 1) | 0x20) === 0x61 && /\.(?:in-addr|ip6)\.arpa$/i.test(name);

/** Folds dns rows, and the names that TLS and HTTP clients say. */
export class Names {
  readonly nameOf = new Map<string, string>();
  readonly #asked = new Tally<AskedName>(maxNames, (asked) => -asked.firstAt);

  get dropped(): number {
    return this.#asked.dropped;
  }

  get count(): number {
    return this.#asked.size + this.#asked.dropped;
  }

  take(row: RecordRow<'dns'>): void {
    const name = row.query;
    if (name === undefined || name === '' || isReverse(name)) return;
    const asked = this.#asked.at(name, () => ({
      name,
      firstAt: row.ts as number,
      firstClient: row['id.orig_h'],
      firstUid: row.uid,
      queries: 0,
      answers: new Set<string>(),
      failed: 0,
    }));
    asked.queries++;
    asked.firstAt = Math.min(asked.firstAt, row.ts);
    if (row.rcode !== undefined && row.rcode !== 0) asked.failed++;
    for (const answer of row.answers ?? []) {
      if (asked.answers.size < maxAnswers) asked.answers.add(answer);
      this.name(answer, name);
    }
  }

  /** Notes that an address was called so; the first name stays. Text that is no address is passed over. */
  name(address: string, name: string | undefined): void {
    if (name === undefined || name === '' || this.nameOf.has(address) || this.nameOf.size >= maxAddresses) return;
    if (parseAddress(address) === undefined || parseAddress(name.replace(/:\d+$/, '')) !== undefined) return;
    this.nameOf.set(address, name);
  }

  /** By first sight. */
  asked(count: number): AskedName[] {
    return this.#asked.top(count);
  }
}
