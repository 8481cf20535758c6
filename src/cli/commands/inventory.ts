// vedette inventory: what a cloud consists of, over time.
import type { Command } from 'commander';
import { VedetteError } from '../../base/errors.ts';
import type { EpochMicros } from '../../base/units.ts';
import type { InventoryHistory } from '../../model/inventory.ts';
import type { ChosenInventory, InventoryChoice, SyncRequest } from '../../workflows/inventory.ts';
import { showWarning } from '../output/show-error.ts';
import { addInventoryOptions, choiceOf, type InventoryOptions, timeArgument } from './arguments.ts';
import { addInventoryHistory } from './inventory-history.ts';
import { addInventoryShow } from './inventory-show.ts';
import { addInventorySync } from './inventory-sync.ts';

/** The jobs behind the command. */
export interface InventoryWorkflows {
  readonly open: (choice: InventoryChoice) => ChosenInventory;
  readonly sync: (request: SyncRequest) => Promise<void>;
  readonly text: (history: InventoryHistory, format: 'yaml' | 'json', at?: EpochMicros) => string;
  readonly schema: () => Readonly<Record<string, unknown>>;
  readonly now: () => EpochMicros;
}

interface ExportOptions extends InventoryOptions {
  readonly at?: EpochMicros;
  readonly format: string;
}

/** Adds the command and those below it. */
export function addInventoryCommand(program: Command, workflows: InventoryWorkflows): void {
  const inventory = program
    .command('inventory')
    .summary('keep and show what a cloud consists of, over time')
    .description('Keeps what a cloud consists of (machines, ports, addresses, networks, groups, owners) over time, and shows it.');
  addInventorySync(inventory, workflows.sync);
  addInventoryShow(inventory, workflows);
  addInventoryHistory(inventory, workflows.open);
  addExport(inventory, workflows);
  inventory
    .command('schema')
    .description('Prints the JSON Schema of inventory.yaml, for editors.')
    .action(() => {
      process.stdout.write(`${JSON.stringify(workflows.schema(), undefined, 2)}\n`);
    });
}

function addExport(inventory: Command, { open, text }: InventoryWorkflows): void {
  const command = inventory
    .command('export')
    .summary('print the inventory at a time as a file')
    .description('Prints the inventory at a time in the format of inventory.yaml, which --inventory and --from read back.')
    .option('--at <time>', 'as it was then (standard: now)', timeArgument)
    .option('--format <yaml|json>', 'standard: yaml', 'yaml');
  addInventoryOptions(command)
    .addHelpText('after', '\nExamples:\n  vedette inventory export --at 2026-11-20T14:03:00Z > inventory.yaml\n')
    .action((options: ExportOptions) => {
      const { format } = options;
      if (format !== 'yaml' && format !== 'json')
        throw new VedetteError('usage', {
          problem: `--format is yaml or json, not "${format}"`,
          advice: 'see vedette inventory export --help',
        });
      const { history, notes } = open(choiceOf(options));
      for (const note of notes) showWarning(note);
      process.stdout.write(text(history, format, options.at));
    });
}
