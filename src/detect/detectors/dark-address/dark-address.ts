// D05: contact with addresses of ours that nobody uses.

import { type EpochMicros, epochMicros } from '../../../base/units.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { attemptOf } from '../../stats/attempt.ts';
import { day } from '../../stats/record-clock.ts';

const maxSources = 20_000;
const maxTouches = 2000;
const maxAlive = 100_000;
/** An address that said nothing for as long is no longer in use. */
const aliveSeconds = 7 * day;

type Tune = Readonly<Record<'addresses' | 'minutes' | 'mediumAddresses', number>>;

interface Touch {
  readonly at: number;
  readonly port: number;
  readonly uid: string;
}

interface Source {
  readonly client: string;
  readonly context: string | undefined;
  readonly touches: Map<string, Touch>;
}

export const darkAddress = defineDetector({
  id: 'D05-dark-address',
  title: 'Contact with unused addresses of ours',
  attack: ['T1595.001'],
  reads: ['conn', 'arp'],
  finds: 'A client that reaches for several addresses inside our ranges at which nothing was alive during the whole observation.',
  misses: [
    'Without --inventory, which addresses are unused is inferred from silence: of a week, where the observation is longer.',
    'Clients that come back after a day of silence are judged anew.',
  ],
  benign: ['Stale DNS names or configuration that point to released addresses.', 'A machine that was down during the observation.'],
  investigate: ['Read conn rows of the subject in the hour around lastSeen: are the unused addresses consecutive or one port?'],
  sources: ['https://attack.mitre.org/techniques/T1595/001/'],
  tunables: {
    addresses: { default: 3, unit: 'distinct unused addresses', min: 1, max: 10_000, why: 'One or two are stale configuration.' },
    minutes: { default: 60, unit: 'minutes', min: 1, max: 10_080, why: 'A sweep comes through a subnet within an hour.' },
    mediumAddresses: { default: 16, unit: 'distinct unused addresses', min: 2, max: 100_000, why: 'No stale configuration names so many.' },
  },
  start(tune: Tune, host) {
    // Only addresses of ours can be unused addresses of ours.
    const alive = host.newEndsMap<true>(maxAlive, { afterSeconds: aliveSeconds });
    const judge = (source: Source): void => {
      // What the inventory says is held is a machine that was down or filtered, not an unused address.
      const dark = [...source.touches].filter(
        ([address, { at }]) =>
          alive.peek(host.endOf(address, source.context)) === undefined &&
          host.inventory?.holding(address, source.context, epochMicros(at)) !== 'held',
      );
      const window = densest(dark, tune.minutes * 60e6);
      if (window.length >= tune.addresses) raiseDark(host, source, window, tune);
    };
    const sources = host.newEndsMap<Source>(maxSources, { afterSeconds: day + tune.minutes * 60, spare: 0, onForget: judge });
    return {
      arp(row, ends) {
        if (row.sender_addr !== '0.0.0.0' && host.isOurs(row.sender_addr)) alive.set(true, ends.other(row.sender_addr));
      },
      conn(row, ends) {
        if (row.carrier === true) return;
        if (row.orig_pkts > 0 && ends.isClientOurs) alive.set(true, ends.client);
        if (row.resp_pkts > 0 && ends.isServerOurs) alive.set(true, ends.server);
        if (attemptOf(row)?.outcome !== 'silent' || !ends.isServerOurs || ends.isServerMulticast) return;
        const target = row['id.resp_h'];
        const source = sources.get(ends.client) ?? sources.set(newSource(row), ends.client);
        if (source.touches.size < maxTouches && !source.touches.has(target)) {
          source.touches.set(target, { at: row.ts, port: row['id.resp_p'], uid: row.uid });
        }
      },
      finish() {
        for (const source of sources.values()) judge(source);
      },
    };
  },
});

const newSource = (row: ConnRecord): Source => ({ client: row['id.orig_h'], context: row.context, touches: new Map() });

/** The longest run of touches that fits into the window. */
function densest(touches: readonly (readonly [string, Touch])[], windowMicros: number): readonly (readonly [string, Touch])[] {
  const sorted = [...touches].sort(([, a], [, b]) => a.at - b.at);
  let best: { from: number; to: number } = { from: 0, to: 0 };
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while ((sorted[to]?.[1].at ?? 0) - (sorted[from]?.[1].at ?? 0) > windowMicros) from++;
    if (to + 1 - from > best.to - best.from) best = { from, to: to + 1 };
  }
  return sorted.slice(best.from, best.to);
}

function raiseDark(host: DetectionHost, { client, context }: Source, dark: readonly (readonly [string, Touch])[], tune: Tune): void {
  const known = host.knownAs(client);
  const times = dark.map(([, { at }]) => at);
  const unheld = dark.filter(([address, { at }]) => host.inventory?.holding(address, context, epochMicros(at)) === 'unheld').length;
  host.raise({
    key: 'dark',
    severity: known !== undefined ? 'info' : dark.length >= tune.mediumAddresses ? 'medium' : 'low',
    confidence: Math.min(0.9, (unheld === dark.length ? 0.6 : 0.3) + dark.length / 50),
    subject: { address: client, ...(context !== undefined && { context }) },
    peers: dark.map(([address, { port }]) => ({ address, port })),
    firstSeen: Math.min(...times) as EpochMicros,
    lastSeen: Math.max(...times) as EpochMicros,
    count: dark.length,
    summary: `${client} reached for ${dark.length} addresses of ours at which nothing was alive${unheld === 0 ? '' : `, ${unheld} of them unused by the inventory`}${known === undefined ? '' : ` (known: ${known})`}`,
    evidence: {
      addresses: dark.slice(0, 50).map(([address, { port }]) => `${address}:${port}`),
      ...(host.inventory !== undefined && { unusedByInventory: unheld }),
      thresholds: { ...tune },
    },
    records: dark.map(([, { uid }]) => uid),
  });
}
