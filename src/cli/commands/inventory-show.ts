// vedette inventory show: lists and items, now or at a time.
import { type Command, InvalidArgumentError } from 'commander';
import { parseCidr } from '../../base/ip.ts';
import type { EpochMicros } from '../../base/units.ts';
import type { InventoryHistory, InventoryKind } from '../../model/inventory.ts';
import { type FoundItem, findItems, kindOfWord, listItems, nothingFound } from '../../workflows/inventory-views.ts';
import { instantText, listText, overviewText, sinceText } from '../output/inventory-tables.ts';
import { iso, itemJson, printJson, valueText } from '../output/item-json.ts';
import { showWarning } from '../output/show-error.ts';
import { factsText } from '../output/table.ts';
import { addInventoryOptions, choiceOf, type InventoryOptions, timeArgument } from './arguments.ts';
import type { InventoryWorkflows } from './inventory.ts';

const examples = `
Examples:
  vedette inventory show                                  how much of what, when it was read, what is not known
  vedette inventory show machines --project acme-web
  vedette inventory show ports --address 10.0.1.0/24 --at 2026-11-20T14:03:00Z
  vedette inventory show web-1 --json                     everything of that name, id, address or MAC
`;

interface ShowOptions extends InventoryOptions {
  readonly at?: EpochMicros;
  readonly id?: string;
  readonly name?: string;
  readonly address?: string;
  readonly project?: string;
  readonly json: boolean;
}

function rangeArgument(text: string): string {
  if (parseCidr(text) === undefined) throw new InvalidArgumentError(`"${text}" is not an address or CIDR.`);
  return text;
}

const print = (text: string): void => {
  process.stdout.write(text);
};

/** Adds the command. */
export function addInventoryShow(inventory: Command, { open, now }: Pick<InventoryWorkflows, 'open' | 'now'>): void {
  const command = inventory
    .command('show')
    .summary('show what is, or was, there')
    .description('Shows an overview, a list (machines, ports, networks, routers, …), or everything of a name, id, address or MAC.')
    .argument('[what]', 'a kind, or what to look for')
    .option('--id <id>', 'ids that begin so')
    .option('--name <text>', 'names that contain this')
    .option('--address <cidr>', 'an address or a range', rangeArgument)
    .option('--project <name>', 'of this project, name or id')
    .option('--at <time>', 'as it was then (standard: now)', timeArgument)
    .option('--json', 'print JSON', false);
  addInventoryOptions(command)
    .addHelpText('after', examples)
    .action((what: string | undefined, options: ShowOptions) => {
      const { history, notes } = open(choiceOf(options));
      for (const note of notes) showWarning(note);
      if (options.at !== undefined && history.firstReadAt !== undefined && options.at < history.firstReadAt && !history.timeless) {
        showWarning(`the first reading of ${history.cloud} is of ${instantText(history.firstReadAt)}; nothing is known before`);
      }
      show(history, what, options, now());
    });
}

function show(history: InventoryHistory, what: string | undefined, options: ShowOptions, now: EpochMicros): void {
  const { at, id, name, address, project } = options;
  const filter = { ...(id && { id }), ...(name && { name }), ...(address && { address }), ...(project && { project }) };
  const hasFilter = Object.keys(filter).length > 0;
  const kind = what === undefined ? (hasFilter ? 'machines' : undefined) : kindOfWord(what);
  if (kind !== undefined) showList(history, kind, listItems(history, kind, filter, at), options);
  else if (what === undefined) showOverview(history, options, now);
  else showFound(history, what, findItems(history, what, at), options.json);
}

function showList(
  history: InventoryHistory,
  kind: InventoryKind,
  versions: readonly FoundItem['version'][],
  { json, at }: ShowOptions,
): void {
  if (json) printJson({ schema: 1, cloud: history.cloud, kind, items: versions.map((version) => itemJson({ kind, version })) });
  else print(listText(history, kind, versions, at));
}

function showOverview(history: InventoryHistory, { json, at }: ShowOptions, now: EpochMicros): void {
  const { cloud, firstReadAt, lastReadAt, gaps } = history;
  if (json) printJson({ schema: 1, cloud, firstReadAt: iso(firstReadAt), lastReadAt: iso(lastReadAt), gaps });
  else print(overviewText(history, now, at));
}

function showFound(history: InventoryHistory, what: string, found: readonly FoundItem[], json: boolean): void {
  if (found.length === 0) nothingFound(history, what);
  if (json) printJson({ schema: 1, cloud: history.cloud, items: found.map(itemJson) });
  else print(found.map((item) => itemText(history, item)).join('\n'));
}

function itemText(history: InventoryHistory, { kind, version: { value, from, to } }: FoundItem): string {
  const facts = Object.entries(value).map(([key, one]): [string, string] => [key, valueText(one)]);
  const span = `${sinceText(history, from)}${to === undefined ? '' : ` until ${instantText(to)}`}`;
  return `${factsText([[kind, span]])}${factsText(facts, '  ')}`;
}
