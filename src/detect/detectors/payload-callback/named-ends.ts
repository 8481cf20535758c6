// The ends that payloads named to each machine: who sent them, when, where to, and how the machine answered. Bounded.
import type { HttpRecord } from '../../../model/records/http.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import type { DetectionHost } from '../../detector.ts';
import type { EndsMap } from '../../ends/ends-map.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { isAddressText } from '../../payload/callback-host.ts';
import type { RequestSign } from '../../payload/inspect-request.ts';
import type { Callback } from '../../payload/sign.ts';
import { day } from '../../stats/record-clock.ts';

const maxMachines = 5000;
const maxEnds = 64;
const maxAttempts = 512;
const maxListed = 50;

/** One request that named the end. */
export interface Attempt {
  /** Microseconds since the epoch. */
  readonly at: number;
  readonly uid: string;
  readonly attacker: string;
  readonly status: number | undefined;
  readonly responseBytes: number | undefined;
}

/** An end, and every attempt to make the machine call it. */
export interface NamedEnd {
  readonly callback: Callback;
  /** The payload names a host, not an address. */
  readonly byName: boolean;
  readonly payload: string;
  readonly steps: readonly string[];
  readonly technique: string;
  /** The latest attempts. */
  readonly attempts: Attempt[];
  /** Requests by endpoint and parameter, as `path?parameter`. */
  readonly endpoints: Map<string, { readonly path: string; readonly parameter: string | undefined; count: number }>;
  readonly attackers: Map<string, number>;
  /** All attempts, listed or not. */
  count: number;
  firstAt: number;
  lastAt: number;
  /** Attempts and sessions when the finding was last raised: renewed at twice as many. */
  raisedAt: number;
}

/** A machine and the ends named to it. */
export interface Machine {
  readonly address: string;
  readonly context: string | undefined;
  readonly ends: Map<string, NamedEnd>;
  /** Ends beyond the bound. */
  dropped: number;
}

const endKey = ({ host, port, kind }: Callback): string => `${host}|${port ?? ''}|${kind}`;

export class NamedEnds {
  readonly #machines: EndsMap<Machine>;

  /** @param onForget the last word about a machine that nobody attacked for long */
  constructor(host: DetectionHost, onForget: (machine: Machine) => void) {
    this.#machines = host.newEndsMap(maxMachines, { afterSeconds: day, spare: 0, onForget });
  }

  get(end: number): Machine | undefined {
    return this.#machines.peek(end);
  }

  values(): Iterable<Machine> {
    return this.#machines.values();
  }

  /** Notes what one message named. @returns the machine when it named an end */
  note(row: HttpRecord | InteractionRecord, { server }: RowEnds, signs: readonly RequestSign[]): Machine | undefined {
    if (signs.length === 0) return undefined;
    const naming = signs.filter(({ callback }) => callback !== undefined && callback.host !== row['id.resp_h']);
    if (naming.length === 0) return undefined;
    const address = row['id.resp_h'];
    const machine =
      this.#machines.get(server) ?? this.#machines.set({ address, context: row.context, ends: new Map(), dropped: 0 }, server);
    const counted = new Set<NamedEnd>();
    for (const sign of naming) {
      const end = endOf(machine, sign);
      if (end === undefined || counted.has(end)) continue;
      counted.add(end);
      addAttempt(end, row, sign);
    }
    return machine;
  }
}

function endOf(machine: Machine, { callback, decodedSnippet, steps, technique }: RequestSign): NamedEnd | undefined {
  if (callback === undefined) return undefined;
  const key = endKey(callback);
  const known = machine.ends.get(key);
  if (known !== undefined) return known;
  if (machine.ends.size >= maxEnds) {
    machine.dropped++;
    return undefined;
  }
  const end: NamedEnd = {
    callback,
    byName: !isAddressText(callback.host),
    payload: decodedSnippet,
    steps,
    technique,
    attempts: [],
    endpoints: new Map(),
    attackers: new Map(),
    count: 0,
    firstAt: Number.POSITIVE_INFINITY,
    lastAt: Number.NEGATIVE_INFINITY,
    raisedAt: 0,
  };
  machine.ends.set(key, end);
  return end;
}

function addAttempt(end: NamedEnd, row: HttpRecord | InteractionRecord, { endpoint, parameter }: RequestSign): void {
  const attacker = row['id.orig_h'];
  const [status, responseBytes] = 'trans_depth' in row ? [row.status_code, row.response_body_len] : [];
  end.count++;
  end.firstAt = Math.min(end.firstAt, row.ts);
  end.lastAt = Math.max(end.lastAt, row.ts);
  end.attempts.push({ at: row.ts, uid: row.uid, attacker, status, responseBytes });
  if (end.attempts.length > maxAttempts) end.attempts.shift();
  if (end.attackers.size < maxListed || end.attackers.has(attacker)) end.attackers.set(attacker, (end.attackers.get(attacker) ?? 0) + 1);
  const place = `${endpoint}?${parameter ?? ''}`;
  const known = end.endpoints.get(place);
  if (known !== undefined) known.count++;
  else if (end.endpoints.size < maxListed) end.endpoints.set(place, { path: endpoint, parameter, count: 1 });
}
