// vedette inventory history: who held an address when, what changed about an item.
import type { Command } from 'commander';
import type { EpochMicros } from '../../base/units.ts';
import { visible } from '../../base/visible.ts';
import type { InventoryHistory } from '../../model/inventory.ts';
import { Attributor, type FoundItem, findItems, type Holding, holdings, nothingFound } from '../../workflows/inventory-views.ts';
import { holderText } from '../output/attribution-text.ts';
import { instantText, sinceText } from '../output/inventory-tables.ts';
import { iso, itemJson, printJson, valueText } from '../output/item-json.ts';
import { showWarning } from '../output/show-error.ts';
import { tableText } from '../output/table.ts';
import { addInventoryOptions, choiceOf, type InventoryOptions } from './arguments.ts';
import type { InventoryWorkflows } from './inventory.ts';

interface HistoryOptions extends InventoryOptions {
  readonly context?: string;
  readonly json: boolean;
}

const examples = `
Examples:
  vedette inventory history 203.0.113.7                   who held it from when to when
  vedette inventory history 10.0.1.11 --context vxlan:11
  vedette inventory history fa:16:3e:00:00:01
  vedette inventory history web-1                         what changed about it
`;

/** Adds the command. */
export function addInventoryHistory(inventory: Command, open: InventoryWorkflows['open']): void {
  const command = inventory
    .command('history')
    .summary('who held an address when, what changed about an item')
    .description('Shows who held an address or MAC from when to when, or the versions of an item. Changes lie between two readings.')
    .argument('<what>', 'address, MAC, id or name')
    .option('--context <name>', 'where the address was seen: network, router, segment, namespace, device')
    .option('--json', 'print JSON', false);
  addInventoryOptions(command)
    .addHelpText('after', examples)
    .action((what: string, options: HistoryOptions) => {
      const { history, notes } = open(choiceOf(options));
      for (const note of notes) showWarning(note);
      const attributor = new Attributor(history);
      const held = holdings(attributor, what, options.context);
      const versions = held.length > 0 ? [] : findItems(history, what, 'ever');
      if (held.length === 0 && versions.length === 0) nothingFound(history, what);
      if (options.json)
        printJson({ schema: 1, cloud: history.cloud, what, holders: held.map(holdingJson), versions: versions.map(itemJson) });
      else process.stdout.write(held.length > 0 ? holdingsText(history, what, held) : versionsText(history, versions));
    });
}

const holdingJson = ({ who, from, to, absentAt, lastHeldAt }: Holding): object => ({
  ...{ from: iso(from), to: iso(to), absentAt: iso(absentAt), lastHeldAt: iso(lastHeldAt) },
  holder: { ...who, from: iso(who.from), to: iso(who.to) },
});

/** Between which readings something began or ended. */
const edgeText = (before: EpochMicros | undefined, after: EpochMicros | undefined): string =>
  before === undefined ? instantText(after) : `${instantText(before)} .. ${instantText(after)}`;

function holdingsText(history: InventoryHistory, what: string, held: readonly Holding[]): string {
  const rows = held.map(({ who, from, to, absentAt, lastHeldAt }) => [
    history.timeless ? 'always' : absentAt === undefined ? `${instantText(from)} or before` : edgeText(absentAt, from),
    history.timeless ? '' : to === undefined ? 'still' : edgeText(lastHeldAt, to),
    holderText(who),
    who.networkName ?? '',
    who.fixedAddress ?? '',
    who.mac ?? '',
    who.id,
  ]);
  const span = history.timeless
    ? ''
    : `${history.cloud} was read from ${instantText(history.firstReadAt)} to ${instantText(history.lastReadAt)}; gaps between rows: nobody held it\n`;
  return `${visible(what)}\n${tableText(['BEGAN', 'ENDED', 'HOLDER', 'NETWORK', 'ADDRESS', 'MAC', 'ID'], rows)}${span}`;
}

/** Versions of items, each with what differs from the one before. */
function versionsText(history: InventoryHistory, found: readonly FoundItem[]): string {
  const before = new Map<string, object>();
  const rows = found.map(({ kind, version: { value, from, to } }) => {
    const last = before.get(`${kind}|${value.id}`) as Readonly<Record<string, unknown>> | undefined;
    before.set(`${kind}|${value.id}`, value);
    const changed = last === undefined ? 'first seen' : changes(last, value as unknown as Readonly<Record<string, unknown>>);
    return [
      sinceText(history, from),
      to === undefined ? 'still' : instantText(to),
      kind,
      'name' in value ? value.name : '',
      value.id,
      changed,
    ];
  });
  return tableText(['FROM', 'TO', 'KIND', 'NAME', 'ID', 'WHAT'], rows);
}

function changes(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
  return keys.length === 0
    ? 'there again'
    : keys.map((key) => `${key}: ${valueText(a[key] ?? '')} -> ${valueText(b[key] ?? '')}`).join('; ');
}
