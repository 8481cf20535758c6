// Mails of a run: one digest for administrators, one for each project that has contacts. Kept before they are sent; what cannot be
// delivered waits, and is tried again by the next run or by `vedette exposure mail`.
import { VedetteError } from '../../base/errors.ts';
import { hashText } from '../../base/text-hash.ts';
import type { Policy } from '../../exposure/policy.ts';
import { type ExposureChange, type ExposureOwner, type ExposureReport, isStanding } from '../../model/exposure.ts';
import { digestHtml, exposureHtml } from '../../report/exposure/exposure-html.ts';
import { changeCounts, changeLine } from '../../report/exposure/exposure-lines.ts';
import type { ExposureArchive, StoredMail, WaitingMail } from '../../store/exposure-archive.ts';
import type { ExposureDependencies } from './dependencies.ts';
import type { Owners } from './owners.ts';
import { reportJson } from './write-run.ts';

export interface MailChoice {
  /** Channel of the configuration, of type smtp. */
  readonly channel: string;
  /** Also when nothing changed. */
  readonly always: boolean;
  /** Projects get their own, to the contacts of policy and tags. */
  readonly projects: boolean;
}

export interface MailResult {
  readonly runId: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly delivered: boolean;
  readonly reason?: string;
}

/** Most lines of a text; the attachments have all. */
const maxLines = 500;
/** Waits between attempts of one run. */
const pausesMs = [1000, 4000];

function textOf(changes: readonly ExposureChange[]): string {
  const lines = changes.slice(0, maxLines).map(changeLine);
  if (changes.length > maxLines) lines.push(`and ${changes.length - maxLines} more, in the attachment`);
  return `${lines.length === 0 ? 'nothing changed' : lines.join('\n')}\n`;
}

const idOf = (run: string, whom: string): string => `exposure-${run}-${hashText(whom).toString(16)}`;

function mailOf(
  report: ExposureReport,
  changes: readonly ExposureChange[],
  about: { readonly channel: string; readonly to: readonly string[]; readonly whom: string },
): StoredMail {
  const open = report.exposures.filter(isStanding).length;
  const partial = report.partial === false ? '' : ', PARTIAL';
  const subject = `[vedette] exposure${about.whom === '' ? '' : ` of ${about.whom}`} ${report.id.slice(0, 10)}: ${changeCounts(changes)}, ${open} open${partial}`;
  const name = `exposure-${report.id}`;
  return {
    ...{ channel: about.channel, to: about.to, subject, text: textOf(changes), html: digestHtml(subject, changes.slice(0, maxLines)) },
    attachments: [
      { name: `${name}.json`, type: 'application/json', content: reportJson(report) },
      { name: `${name}.html`, type: 'text/html', content: exposureHtml(report) },
    ],
    ...{ messageId: `<${idOf(report.id, about.whom)}@vedette.invalid>`, at: report.ended, attempts: 0 },
  };
}

/** Which hypervisor it is on is the operator's business. */
const withoutHost = ({ host: _, ...owner }: ExposureOwner): ExposureOwner => owner;

/** The report as one project may see it: its own ports, and nothing of others. */
function ofProject(report: ExposureReport, project: string): ExposureReport {
  const exposures = report.exposures
    .filter(({ owner }) => owner.verdict === 'one' && owner.projectId === project)
    .map((one) => ({ ...one, owner: withoutHost(one.owner) }));
  const name = exposures[0]?.owner.project;
  const { started, ended, id, version, schema, kind, partial, scan, policy } = report;
  return {
    ...{ schema, kind, id, version, started, ended, partial: partial === false ? false : 'not all addresses were scanned' },
    scan: { ...scan, targets: [], excluded: [], notes: [] },
    policy: { ...policy, source: 'operator' },
    ...{ inventory: null, observed: null, exposures },
    gaps: report.gaps.filter((gap) => gap.kind === 'intended-silent' && name !== undefined && gap.project === name),
  };
}

/** All mails of a run; none when nothing changed, unless asked for. */
export function mailsOf(
  report: ExposureReport,
  changes: readonly ExposureChange[],
  choice: MailChoice,
  { policy, owners }: { readonly policy: Policy; readonly owners: Owners | undefined },
): StoredMail[] {
  const { channel, always } = choice;
  const mails = changes.length > 0 || always ? [mailOf(report, changes, { channel, to: [], whom: '' })] : [];
  if (!choice.projects) return mails;
  const own = ({ exposure: { owner } }: ExposureChange): boolean => owner.verdict === 'one' && owner.projectId !== undefined;
  for (const [project, those] of Map.groupBy(changes.filter(own), ({ exposure }) => exposure.owner.projectId ?? '')) {
    const name = those[0]?.exposure.owner.project ?? project;
    const to = [
      ...new Set([...(policy.contacts[name] ?? []), ...(policy.contacts[project] ?? []), ...(owners?.projectContacts(project) ?? [])]),
    ];
    if (to.length > 0) mails.push(mailOf(ofProject(report, project), those, { channel, to, whom: name }));
  }
  return mails;
}

async function deliver(
  { runId, name, mail }: WaitingMail,
  archive: ExposureArchive,
  { openMailer, wait }: ExposureDependencies,
  pauses: readonly number[],
): Promise<MailResult & { readonly server: string }> {
  const { channel, to, subject, text, html, attachments, messageId } = mail;
  const mailer = await openMailer(channel);
  const facts = { runId, to, subject, server: mailer.server };
  for (let attempt = 0; ; attempt++) {
    try {
      await mailer.send({ to, subject, text, html, attachments, messageId, at: new Date(mail.at) });
      archive.removeMail(runId, name);
      return { ...facts, delivered: true };
    } catch (error) {
      if (!(error instanceof VedetteError) || error.kind === 'internal') throw error;
      const reason = String(error.details['reason'] ?? error.message);
      const pause = pauses[attempt];
      if (pause === undefined) {
        archive.keepMail(runId, name, { ...mail, attempts: mail.attempts + attempt + 1, lastReason: reason });
        return { ...facts, delivered: false, reason };
      }
      await wait(pause);
    }
  }
}

/**
 * Sends everything that waits, oldest first. After one failure of a channel the others of that channel are not tried.
 * @throws {VedetteError} `mail-failed` after all were tried; what was not delivered stays
 */
export async function sendWaitingMail(archive: ExposureArchive, dependencies: ExposureDependencies): Promise<readonly MailResult[]> {
  const results: MailResult[] = [];
  const failed = new Map<string, VedetteError>();
  for (const waiting of archive.waitingMail()) {
    if (failed.has(waiting.mail.channel)) continue;
    const { server, ...result } = await deliver(waiting, archive, dependencies, pausesMs);
    results.push(result);
    if (result.delivered) continue;
    failed.set(waiting.mail.channel, new VedetteError('mail-failed', { server, reason: result.reason ?? '', id: waiting.runId }));
  }
  const [error] = failed.values();
  if (error !== undefined) throw error;
  return results;
}
