// vedette case notify
import type { Command } from 'commander';
import { VedetteError } from '../../../base/errors.ts';
import { type Config, loadConfig } from '../../../config/load-config.ts';
import { standardStateDirectory } from '../../../config/state-directory.ts';
import type { CaseNotices, Delivery } from '../../../workflows/case/notify.ts';
import { print } from '../../output/one-line.ts';
import { collectTexts } from '../options.ts';

interface Options {
  readonly to: readonly string[];
  readonly message?: string;
  readonly retry: boolean;
  readonly config?: string;
  readonly state: string;
  readonly json: boolean;
}

const examples = `
Channels (e-mail, webhook, Slack, syslog, CEF) stand under notify in the configuration; secrets come from the environment or files. A
message that cannot be delivered is kept in STATE/outbox and sent by --retry; every attempt has the same id.

Examples:
  vedette case notify case-2026-001 --to team --to siem
  vedette case notify case-2026-001 --to all --message "Contained at 14:03, evidence is kept."
  vedette case notify --retry

Exit codes: 0 delivered, 2 bad usage, no such case or channel, 3 the outbox is full, 4 not delivered and kept.
`;

const usage = (problem: string): VedetteError => new VedetteError('usage', { problem, advice: 'see vedette case notify --help' });

function checkUsage(id: string | undefined, to: readonly string[], retry: boolean): void {
  if (retry && (id !== undefined || to.length > 0)) throw usage('--retry takes neither case nor channel');
  if (!retry && id === undefined) throw usage('name a case, or give --retry');
  if (!retry && to.length === 0) throw usage('name a channel with --to');
}

const lineOf = ({ channel, caseId, delivered, reason }: Delivery): string =>
  delivered ? `${caseId}: ${channel} notified` : `${caseId}: ${channel} not notified (${reason}); kept, try vedette case notify --retry`;

/** What the command starts. */
export type NoticesFor = (stateDirectory: string, channels: Config['notify']) => CaseNotices;

/** Adds the command. */
export function addCaseNotify(group: Command, notices: NoticesFor): void {
  group
    .command('notify')
    .description('Tells the response team of a case, by the channels of the configuration.')
    .argument('[case]', 'id')
    .option('--to <channel>', 'name of a channel, or all (repeatable)', collectTexts, [])
    .option('--message <text>', 'what you have to say')
    .option('--retry', 'send what waits in the outbox', false)
    .option('--config <file>', 'configuration (standard: /etc/vedette/vedette.yaml)')
    .option('--state <dir>', 'state directory', standardStateDirectory)
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', examples)
    .action(async (id: string | undefined, { to, message, retry, config, state, json }: Options) => {
      checkUsage(id, to, retry);
      const jobs = notices(state, loadConfig(config).notify);
      const deliveries = retry ? await jobs.retry() : await jobs.notify(id ?? '', to, message);
      print(json, { schema: 1, deliveries }, deliveries.length > 0 ? deliveries.map(lineOf) : ['Nothing waits.']);
      if (deliveries.some(({ delivered }) => !delivered)) process.exitCode = 4;
    });
}
