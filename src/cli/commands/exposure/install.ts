// vedette exposure install, mail, policy.
import type { Command } from 'commander';
import { loadConfig } from '../../../config/load-config.ts';
import { oneOf, stateOption } from './arguments.ts';
import type { ExposureJobs } from './jobs.ts';

interface InstallOptions {
  readonly cron: boolean;
  readonly time: string;
  readonly user: string;
  readonly directory?: string;
  readonly print: boolean;
}

const examples = `
What stands after -- goes to vedette exposure scan. Without root in that service (--user), the built-in connect scan is used.

Examples:
  vedette exposure install -- --cloud prod --policy /etc/vedette/policy.yaml --mail admins --authorisation "change 4711"
  vedette exposure install --cron --time 01:30 -- 203.0.113.0/24 --mail admins
  vedette exposure install --print -- --cloud prod
`;

/** Adds `install`. */
export function addExposureInstall(exposure: Command, { install }: ExposureJobs): void {
  exposure
    .command('install')
    .summary('write a systemd timer, or a cron line, for every night')
    .description('Writes vedette-exposure.service and .timer, or a line for cron.d; replaces only what it wrote before.')
    .argument('[scan-arguments...]', 'after --: arguments of vedette exposure scan')
    .option('--cron', 'a line for cron in place of a timer', false)
    .option('--time <hh:mm>', 'when; systemd: UTC, cron: time of the machine', '02:15')
    .option('--user <name>', 'who runs it', 'root')
    .option('--directory <dir>', 'where to (standard: /etc/systemd/system, /etc/cron.d)')
    .option('--print', 'show the files, write nothing', false)
    .addHelpText('after', examples)
    .action((args: readonly string[], { cron, time, user, print, directory }: InstallOptions) => {
      const where = directory ?? (cron ? '/etc/cron.d' : '/etc/systemd/system');
      const files = install({ kind: cron ? 'cron' : 'systemd', time, user, directory: where, args }, print);
      for (const { path, content } of files) process.stdout.write(print ? `# ${path}\n${content}\n` : `${path} written\n`);
      if (!print && !cron) process.stdout.write('next: systemctl daemon-reload && systemctl enable --now vedette-exposure.timer\n');
    });
}

/** Adds `mail`. */
export function addExposureMail(exposure: Command, { mail }: ExposureJobs): void {
  exposure
    .command('mail')
    .summary('send mail that could not be delivered before')
    .description('Sends what waits: mails of runs whose server did not answer. Nothing waits, nothing is sent.')
    .option('--config <file>', 'configuration; see vedette config explain')
    .option('--json', 'print what was sent as JSON', false)
    .option(...stateOption)
    .addHelpText('after', '\nExamples:\n  vedette exposure mail\n')
    .action(async ({ state, config, json }: { readonly state: string; readonly config?: string; readonly json: boolean }) => {
      const sent = await mail(state, loadConfig(config).notify ?? {});
      process.stdout.write(
        json ? `${JSON.stringify({ schema: 1, sent })}\n` : `${sent.map(({ subject }) => `sent: ${subject}\n`).join('')}`,
      );
      if (!json && sent.length === 0) process.stdout.write('nothing waits\n');
    });
}

/** Adds `policy`. */
export function addExposurePolicy(exposure: Command, { policy, examplePolicy }: ExposureJobs): void {
  exposure
    .command('policy')
    .summary('check a policy file, and show what is in force')
    .description('Shows the policy that is in force: standard ports, allowed ports, risk classes, exclusions, contacts.')
    .argument('[file]', 'a policy file; the standard policy without')
    .option('--format <json|example>', 'json: what is in force; example: a file with every key', oneOf('json', 'example'), 'json')
    .addHelpText('after', '\nExamples:\n  vedette exposure policy --format example > policy.yaml\n  vedette exposure policy policy.yaml\n')
    .action((file: string | undefined, { format }: { readonly format: 'json' | 'example' }) => {
      process.stdout.write(format === 'example' ? examplePolicy : `${JSON.stringify({ schema: 1, ...policy(file) }, undefined, 2)}\n`);
    });
}
