// vedette whois: whose was this address, at that time?
import type { Command } from 'commander';
import { VedetteError } from '../../base/errors.ts';
import { parseAddress } from '../../base/ip.ts';
import { type EpochMicros, epochMicros, formatInstant } from '../../base/units.ts';
import { type AttributionQuery, attributionJson } from '../../model/attribution.ts';
import type { ChosenInventory, InventoryChoice } from '../../workflows/inventory.ts';
import { Attributor, exposures } from '../../workflows/inventory-views.ts';
import { attributionText } from '../output/attribution-text.ts';
import { showWarning } from '../output/show-error.ts';
import { addInventoryOptions, choiceOf, type InventoryOptions, timeArgument } from './arguments.ts';

interface Options extends InventoryOptions {
  readonly at?: EpochMicros;
  readonly context?: string;
  readonly mac?: string;
  readonly protocol?: string;
  readonly json: boolean;
}

const examples = `
A context tells equal addresses of tenants apart: vxlan:11, vlan:100, qrouter-UUID, qdhcp-UUID, a device (qr-…, tap…, qvo…), or the
name of a network or router.

Examples:
  vedette whois 203.0.113.7:43211 --at 2026-11-20T14:03:00Z       who was it last Tuesday
  vedette whois 10.0.1.11 --context vxlan:11                      which of two tenants
  vedette whois fa:16:3e:00:00:01 --inventory inventory.yaml      by hardware address, from a file

Exit codes: 0 answered, also when nobody held it, 2 bad usage or input, no inventory.
`;

/** `address`, `address:port`, `[v6]:port`, or a MAC. */
function endOf(text: string): { readonly address?: string; readonly port?: number; readonly mac?: string } {
  if (parseAddress(text) !== undefined) return { address: text };
  if (/^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text)) return { mac: text };
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  if (parseAddress(address) === undefined || port > 65_535) {
    const problem = `"${text}" is not ADDRESS, ADDRESS:PORT, [IPV6]:PORT or a MAC`;
    throw new VedetteError('usage', { problem, advice: 'see vedette whois --help' });
  }
  return { address, port };
}

/** Adds the command. */
export function addWhoisCommand(program: Command, open: (choice: InventoryChoice) => ChosenInventory, now: () => EpochMicros): void {
  const command = program
    .command('whois')
    .summary('say whose an address was at a time')
    .description('Says which machine held an address at a time, whose it is, and how that is known; ambiguous answers stay ambiguous.')
    .argument('<address>', 'ADDRESS, ADDRESS:PORT, [IPV6]:PORT, or a MAC')
    .option('--at <time>', 'time, ISO 8601, UTC (standard: now)', timeArgument)
    .option('--context <name>', 'where it was seen')
    .option('--mac <mac>', 'hardware address that sent the packets')
    .option('--protocol <name>', 'tcp or udp, for port forwardings')
    .option('--json', 'print the answer as JSON', false);
  addInventoryOptions(command)
    .addHelpText('after', examples)
    .action((text: string, options: Options) => {
      const { history, notes } = open(choiceOf(options));
      const query = queryOf(text, options, history.timeless ? epochMicros(0) : now());
      const attributor = new Attributor(history);
      const answer = attributor.attribute(query);
      const portIds = answer.candidates.flatMap(({ kind, portId }) => (kind === 'machine' && portId !== undefined ? [portId] : []));
      const groups = exposures(attributor, query, query.port === undefined ? [] : portIds);
      if (options.json)
        process.stdout.write(`${JSON.stringify({ schema: 1, query: timed(query), ...attributionJson(answer), exposures: groups })}\n`);
      else {
        for (const note of notes) showWarning(note);
        process.stdout.write(attributionText(history, text, answer, groups));
      }
    });
}

function queryOf(text: string, { at, context, mac, protocol }: Options, standardAt: EpochMicros): AttributionQuery {
  return {
    ...{ at: at ?? standardAt, ...endOf(text) },
    ...(context !== undefined && { context, capturePoint: context }),
    ...(mac !== undefined && { mac }),
    ...(protocol !== undefined && { protocol }),
  };
}

const timed = ({ at, ...query }: AttributionQuery): object => ({ at: formatInstant(at), ...query });
