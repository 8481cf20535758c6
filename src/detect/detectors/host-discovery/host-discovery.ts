// D06: who is there? Many ARP requests or echo requests in a short time.
import type { ArpRecord } from '../../../model/records/arp.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { attemptOf } from '../../stats/attempt.ts';
import { type Episode, RecentTargets, type TargetsRule } from '../../stats/recent-targets.ts';
import { day, hour } from '../../stats/record-clock.ts';
import { clientSubject, type ScanClaim, scanFinding, spell } from '../../stats/scan-finding.ts';

const maxSources = 20_000;
/** Sources that passed the threshold. */
const maxPassed = 5000;
/** Requests waiting for their reply. */
const maxPending = 50_000;
/** A reply later than this belongs to another request. */
const replyMicros = 2e6;

type Tune = Readonly<Record<'targets' | 'minutes' | 'failedPercent' | 'highTargets', number>>;

export const hostDiscovery = defineDetector({
  id: 'D06-host-discovery',
  title: 'Discovery of hosts by ARP or echo requests',
  attack: ['T1018'],
  reads: ['arp', 'conn'],
  finds: 'A machine that asks for many hosts by ARP, neighbour solicitation or echo request, most of which do not answer.',
  misses: [
    'ARP stays in its segment: seen only at a capture point inside it.',
    'Discovery slower than the window.',
    'What goes on after a day of silence is another finding.',
  ],
  benign: ['A router or DHCP server that probes its whole subnet.', 'Monitoring by echo request.'],
  investigate: ['Read conn rows of the subject in the hour after lastSeen: discovery is followed by connections to those that answered.'],
  sources: ['https://attack.mitre.org/techniques/T1018/', 'RFC 826', 'RFC 792', 'RFC 4443'],
  tunables: {
    targets: {
      default: 32,
      unit: 'distinct hosts',
      min: 5,
      max: 1_000_000,
      why: 'More neighbours than a machine talks to within a minute.',
    },
    minutes: { default: 1, unit: 'minutes', min: 1, max: 1440, why: 'Discovery tools run through a /24 in seconds.' },
    failedPercent: {
      default: 60,
      unit: 'percent unanswered',
      min: 1,
      max: 100,
      why: 'A subnet is mostly empty to who asks for all of it.',
    },
    highTargets: { default: 100, unit: 'distinct hosts', min: 5, max: 1_000_000, why: 'Nearly half of a /24.' },
  },
  start(tune: Tune, host) {
    /** By source, and for ARP by hardware address as well; 0 there for echo requests. */
    const sources = host.newEndsMap<RecentTargets>(maxSources, { afterSeconds: tune.minutes * 60 + hour });
    const active = host.newEndsMap<Claim>(maxPassed, {
      afterSeconds: day + tune.minutes * 60,
      spare: 100,
      onForget: (claim) => raiseDiscovery(host, claim, tune),
    });
    const rule: TargetsRule = { windowMicros: tune.minutes * 60e6, threshold: tune.targets, failedShare: tune.failedPercent / 100 };
    const targetsOf = (source: number, hardware: number): RecentTargets =>
      sources.get(source, hardware) ?? sources.set(new RecentTargets(rule, active.peek(source, hardware)?.episode), source, hardware);
    const passed = (claim: Claim, source: number, hardware: number): void => {
      active.set(claim, source, hardware);
      if (claim.episode.grew) raiseDiscovery(host, claim, tune);
    };
    const arp = new ArpQuestions((row, failed) => {
      const source = host.endOf(row.sender_addr, row.context);
      const hardware = host.endOf(row.sender_mac, row.context);
      const episode = targetsOf(source, hardware).add(row.target_addr, row.ts, failed, '');
      if (episode === undefined) return;
      const subject = { address: row.sender_addr, ...(row.context !== undefined && { context: row.context }) };
      passed({ method: 'ARP', subject, mac: row.sender_mac, episode }, source, hardware);
    });
    return {
      arp: (row) => arp.see(row),
      conn(row: ConnRecord, ends) {
        const attempt = attemptOf(row);
        if (attempt?.method !== 'icmp-echo' || ends.isServerMulticast) return;
        const episode = targetsOf(ends.client, 0).add(row['id.resp_h'], row.ts, attempt.outcome !== 'answered', row.uid);
        if (episode === undefined) return;
        passed({ method: 'echo request', subject: clientSubject(row), mac: row.orig_l2_addr, episode }, ends.client, 0);
      },
      finish() {
        arp.flush();
        for (const claim of active.values()) raiseDiscovery(host, claim, tune);
      },
    };
  },
});

interface Claim {
  readonly method: string;
  readonly subject: ScanClaim['subject'];
  readonly mac: string | undefined;
  readonly episode: Episode;
}

/** Pairs ARP requests with replies; a question is settled by its reply, by time, or at the end. */
class ArpQuestions {
  readonly #settle: (row: ArpRecord, failed: boolean) => void;
  readonly #pending = new Map<string, ArpRecord>();

  constructor(settle: (row: ArpRecord, failed: boolean) => void) {
    this.#settle = settle;
  }

  see(row: ArpRecord): void {
    this.#expire(row.ts);
    if (row.operation === 'reply') {
      const key = `${row.context ?? ''}|${row.target_addr}|${row.sender_addr}`;
      const question = this.#pending.get(key);
      if (question === undefined) return;
      this.#pending.delete(key);
      this.#settle(question, false);
      return;
    }
    // Asking for oneself announces or probes an address (RFC 5227); 0.0.0.0 asks before it has one.
    if (row.gratuitous === true || row.sender_addr === '0.0.0.0') return;
    const key = `${row.context ?? ''}|${row.sender_addr}|${row.target_addr}`;
    if (!this.#pending.has(key) && this.#pending.size < maxPending) this.#pending.set(key, row);
  }

  flush(): void {
    for (const row of this.#pending.values()) this.#settle(row, true);
    this.#pending.clear();
  }

  #expire(now: number): void {
    for (const [key, row] of this.#pending) {
      if (now - row.ts <= replyMicros) return;
      this.#pending.delete(key);
      this.#settle(row, true);
    }
  }
}

function raiseDiscovery(host: DetectionHost, { method, subject, mac, episode }: Claim, tune: Tune): void {
  const seconds = (episode.lastAt - episode.firstAt) / 1e6;
  host.raise(
    scanFinding({
      key: method,
      subject,
      ours: host.isOurs(subject.address),
      known: host.knownAs(subject.address),
      highAt: tune.highTargets,
      episode,
      peers: episode.targets.sample(50).map((address) => ({ address })),
      summary: `${subject.address} asked for ${episode.targets.size} hosts by ${method} in ${spell(seconds)}; ${Math.round(episode.failedShare * 100)} % did not answer`,
      evidence: {
        method,
        ...(mac !== undefined && { hardwareAddress: mac }),
        sampleTargets: episode.targets.sample(50),
        thresholds: { targets: tune.targets, minutes: tune.minutes, failedPercent: tune.failedPercent },
      },
    }),
  );
}
