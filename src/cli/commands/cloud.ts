// vedette cloud: the cloud that machines are looked up in and acted on.
import type { Command } from 'commander';
import { loadConfig } from '../../config/load-config.ts';
import type { CheckCloudRequest, CheckCloudResult } from '../../workflows/check-cloud.ts';
import { cloudSummary } from '../output/cloud-summary.ts';

interface Options {
  readonly cloud?: string;
  readonly config?: string;
  readonly json: boolean;
}

const examples = `
Credentials come from clouds.yaml (./, ~/.config/openstack, /etc/openstack, or OS_CLIENT_CONFIG_FILE) with secure.yaml over it, or
from OS_* variables, as for the openstack command. The cloud is the one that --cloud names, else OS_CLOUD, else the key cloud of
vedette.yaml, else OS_* variables, else the only one of clouds.yaml.

Examples:
  vedette cloud check --cloud my-cloud
  OS_CLOUD=my-cloud vedette cloud check --json | jq '.gaps[].detail'

Exit codes: 0 every service answers, 2 no such cloud, or wrong credentials, 3 refused, 4 the cloud or one of its services fails.
`;

/** Adds the command; `checkCloud` does the work. */
export function addCloudCommand(program: Command, checkCloud: (request: CheckCloudRequest) => Promise<CheckCloudResult>): void {
  const cloud = program.command('cloud').summary('look at the cloud that vedette works with').description('The cloud and its APIs.');
  cloud
    .command('check')
    .description('Says who we are in a cloud, which services answer, what we may see and change, and how its clock goes.')
    .option('--cloud <name>', 'cloud of clouds.yaml')
    .option('--config <file>', 'configuration (YAML); see vedette config explain')
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', examples)
    .action(async ({ cloud: name, config, json }: Options) => {
      const { cloud: configured } = loadConfig(config);
      const result = await checkCloud({ ...(name !== undefined && { name }), ...(configured !== undefined && { configured }) });
      process.stdout.write(json ? `${JSON.stringify({ schema: 1, ...result })}\n` : cloudSummary(result));
      if (!result.healthy) process.exitCode = 4;
    });
}
