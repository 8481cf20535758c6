// vedette exposure: what the outside can reach.
import type { Command } from 'commander';
import { addExposureAccept } from './accept.ts';
import { addExposureInstall, addExposureMail, addExposurePolicy } from './install.ts';
import type { ExposureJobs } from './jobs.ts';
import { addExposureReports } from './report.ts';
import { addExposureScan } from './scan.ts';

export type { ExposureJobs } from './jobs.ts';

const examples = `
Examples:
  vedette exposure scan --inventory inventory.yaml      scan what is public, and say whose it is
  vedette exposure diff                                 what changed since the night before
  vedette exposure accept 203.0.113.7:8080 --reason … --expires 30d
  vedette exposure install -- --cloud prod --mail admins
`;

/** Adds the command and those below it. */
export function addExposureCommands(program: Command, jobs: ExposureJobs): void {
  const exposure = program
    .command('exposure')
    .summary('what the outside can reach, every night')
    .description('Finds open ports, says whose they are and who stands for them, and what changed since the night before.')
    .addHelpText('after', examples);
  addExposureScan(exposure, jobs);
  addExposureReports(exposure, jobs);
  addExposureAccept(exposure, jobs);
  addExposureMail(exposure, jobs);
  addExposurePolicy(exposure, jobs);
  addExposureInstall(exposure, jobs);
}
