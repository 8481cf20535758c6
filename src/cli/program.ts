// The command tree. Each command is one file in commands/, added here.

import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };

/** Version of this build, from package.json. */
export const version: string = packageJson.version;

/** A fresh program; errors come as exceptions and are shown by run.ts. */
export function createProgram(): Command {
  return new Command('vedette')
    .description('Finds, proves and contains compromised cloud VMs from the network alone.')
    .version(version)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
}
