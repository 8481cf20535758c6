// The job of `vedette case notify`: a message is kept first, then sent; what could not be sent waits for --retry.
import { VedetteError } from '../../base/errors.ts';
import { formatInstant } from '../../base/units.ts';
import { type Case, checklist, openItems } from '../../model/case.ts';
import { type Finding, severities } from '../../model/finding.ts';
import type { Notification } from '../../model/notification.ts';
import type { Notifier } from '../../notify/notifier.ts';
import type { Outbox, OutboxMessage } from '../../store/outbox.ts';
import type { Cases } from './cases.ts';

const maxFindings = 50;

/** What came of one message. */
export interface Delivery {
  readonly channel: string;
  readonly caseId: string;
  readonly id: string;
  readonly delivered: boolean;
  readonly reason?: string;
}

/** What the job needs of the outside. */
export interface NotifyDependencies {
  readonly cases: Cases;
  readonly outbox: Outbox;
  readonly now: () => Date;
  /** A new, random id. */
  newId(): string;
  /** Names of the configured channels. */
  readonly channels: readonly string[];
  /** @throws {VedetteError} `channel-unknown`, `channel-invalid` */
  notifier(channel: string): Promise<Notifier>;
}

const nameOf = ({ address, machine, context }: Finding['subject']): string =>
  [machine === undefined ? address : `${machine} (${address})`, context && `[${context}]`].filter(Boolean).join(' ');

/** The message about a case. */
export function notificationOf(one: Case, findings: readonly Finding[], id: string, at: Date, message: string | undefined): Notification {
  const open = new Set(openItems(one).map(({ item }) => item));
  const gravest = Math.max(0, ...findings.map(({ severity }) => severities.indexOf(severity)));
  return {
    ...{ id, at: at.toISOString(), caseId: one.id, status: one.status, title: one.title, severity: severities[gravest] ?? 'info' },
    machines: one.subjects.map(nameOf),
    findings: findings.slice(0, maxFindings).map(({ id: finding, detector, title, severity, subject, summary, firstSeen, lastSeen }) => ({
      ...{ id: finding, detector, title, severity, subject: subject.machine ?? subject.address, summary },
      ...{ firstSeen: formatInstant(firstSeen), lastSeen: formatInstant(lastSeen) },
    })),
    findingCount: findings.length,
    open: one.status === 'closed' ? [] : checklist.filter(({ item }) => open.has(item)).map(({ title }) => title),
    ...(message !== undefined && { message }),
  };
}

/** Tells channels of cases. */
export class CaseNotices {
  readonly #dependencies: NotifyDependencies;

  constructor(dependencies: NotifyDependencies) {
    this.#dependencies = dependencies;
  }

  /** Tells each channel (`all`: every one). @throws {VedetteError} `channel-unknown`, `channel-invalid`, `outbox-full`, before anything is sent */
  async notify(caseId: string, to: readonly string[], message: string | undefined): Promise<readonly Delivery[]> {
    const { cases, outbox, now, newId } = this.#dependencies;
    const one = await cases.get(caseId);
    const names = this.#namesOf(to);
    // All are checked first: a slip in one name must not leave half of them told.
    for (const name of names) await this.#dependencies.notifier(name);
    const notification = notificationOf(one, await cases.findings(caseId), newId(), now(), message);
    const kept: OutboxMessage[] = [];
    for (const name of names) kept.push(await outbox.put(name, notification));
    return this.#sendAll(kept);
  }

  /** Sends what waits. */
  async retry(): Promise<readonly Delivery[]> {
    return this.#sendAll(await this.#dependencies.outbox.waiting());
  }

  /** What waits, for people. */
  waiting(): Promise<readonly OutboxMessage[]> {
    return this.#dependencies.outbox.waiting();
  }

  #namesOf(to: readonly string[]): readonly string[] {
    const { channels } = this.#dependencies;
    const names = [...new Set(to.flatMap((name) => (name === 'all' ? channels : [name])))];
    const unknown = names.find((name) => !channels.includes(name)) ?? (names.length === 0 ? 'all' : undefined);
    if (unknown !== undefined) throw new VedetteError('channel-unknown', { channel: unknown, known: channels.join(', ') || 'none' });
    return names;
  }

  async #sendAll(messages: readonly OutboxMessage[]): Promise<readonly Delivery[]> {
    const deliveries: Delivery[] = [];
    for (const { key } of messages) {
      const message = await this.#dependencies.outbox.take(key);
      if (message !== undefined) deliveries.push(await this.#send(message));
    }
    return deliveries;
  }

  async #send(message: OutboxMessage): Promise<Delivery> {
    const { cases, outbox, notifier } = this.#dependencies;
    const { channel, notification, key } = message;
    const { id, caseId } = notification;
    try {
      await (await notifier(channel)).send(notification);
    } catch (error) {
      if (!(error instanceof VedetteError) || error.kind === 'internal') throw error;
      const reason = String(error.details['reason'] ?? error.message);
      await outbox.giveBack(message, reason);
      await this.#journal(() => cases.record(caseId, { event: 'notify-failed', channel, id, reason }));
      return { channel, caseId, id, delivered: false, reason };
    }
    await outbox.remove(key);
    await this.#journal(() => cases.record(caseId, { event: 'notified', channel, id }));
    return { channel, caseId, id, delivered: true };
  }

  /** A case that was removed meanwhile has no journal; the message was sent all the same. */
  async #journal(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof VedetteError) || error.code !== 'case-unknown') throw error;
    }
  }
}
