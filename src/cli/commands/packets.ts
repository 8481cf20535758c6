// vedette packets: cuts the packets behind a finding, a connection or a filter into a pcapng file.
import type { Command } from 'commander';
import { VedetteError } from '../../base/errors.ts';
import type { PacketsRequest, PacketsResult } from '../../workflows/packets.ts';
import { interruptible } from '../interruption.ts';

interface Options {
  readonly finding?: string;
  readonly findings?: string;
  readonly uid: readonly string[];
  readonly from?: string;
  readonly filter?: string;
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
}

const examples = `
A filter is made of: host ADDRESS, net CIDR, port N or N-M, each also with src or dst before; tcp, udp, icmp, sctp, ip, ip6;
after TIME, before TIME (ISO 8601, UTC); context NAME; joined by and, or, not and brackets. Tunnels are looked into: a filter
matches the inner packets too. Each packet gets a comment with the finding, the uid, and its number in its file.

Examples:
  vedette packets capture.pcap --finding D31-interactive-shell-0a564c10702dae --findings case-17 -o shell.pcapng
  vedette packets capture.pcap --uid CYBtiKP7GBrKTLWUK3 --from case-17 -o one.pcapng
  vedette packets qr-1.pcap qr-2.pcap --filter "host 203.0.113.9 and tcp port 3000-3010" -o cut.pcapng
  vedette packets c.pcap --filter "net 10.0.0.0/8 and not (udp port 53) and after 2023-03-05T20:30:00Z" -o - | tshark -r -

Exit codes: 0 done, 2 bad usage or input, nothing matched, 3 the file exists or is read, 4 it cannot be written, or interrupted.
`;

/** Adds the command; `cutPackets` does the work. */
export function addPacketsCommand(program: Command, cutPackets: (request: PacketsRequest) => Promise<PacketsResult>): void {
  program
    .command('packets')
    .summary('cut the packets of a finding, a connection or a filter into a pcapng')
    .description('Cuts packets out of captures into a pcapng file with comments, which Wireshark opens.')
    .argument('<capture...>', 'captures (pcap, pcapng, also gz, zst, lz4), directories of them, or -')
    .option('--finding <id>', 'packets of the connections of this finding')
    .option('--findings <dir>', 'output directory of analyze that holds the finding')
    .option('--uid <uid>', 'packets of this connection (repeatable)', (uid: string, before: readonly string[]) => [...before, uid], [])
    .option('--from <dir>', 'directory with the conn.log that holds the uid')
    .option('--filter <expression>', 'packets that match; together with the above: both')
    .requiredOption('-o, --out <file>', 'pcapng file to write; - for standard output')
    .option('--force', 'replace the file when it exists', false)
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', examples)
    .action((inputs: readonly string[], options: Options) =>
      interruptible(async (signal) => {
        const result = await cutPackets(requestOf(inputs, options, signal));
        show(result, options.json);
        if (result.partial) process.exitCode = 4;
      }),
    );
}

/** Standard output belongs to the packets when they go there. */
function show(result: PacketsResult, json: boolean): void {
  const stream = result.out === '-' ? process.stderr : process.stdout;
  const { packets, read, out, partial } = result;
  stream.write(
    json
      ? `${JSON.stringify({ schema: 1, ...result })}\n`
      : `${packets.toLocaleString('en')} of ${read.toLocaleString('en')} packets written to ${out === '-' ? 'standard output' : out}${partial ? ' (partial: interrupted)' : ''}\n`,
  );
}

const usage = (problem: string): VedetteError => new VedetteError('usage', { problem, advice: 'see vedette packets --help' });

function requestOf(inputs: readonly string[], options: Options, signal: AbortSignal): PacketsRequest {
  const { finding, uid: uids, filter, out, force } = options;
  const directory = options.findings ?? options.from;
  const hasConnections = finding !== undefined || uids.length > 0;
  if (!hasConnections && filter === undefined) throw usage('name what to cut: --finding, --uid or --filter');
  if (hasConnections && directory === undefined) {
    throw usage(
      finding === undefined
        ? '--uid needs --from, the directory with conn.log'
        : '--finding needs --findings, the output directory of analyze',
    );
  }
  return {
    inputs,
    ...(hasConnections && directory !== undefined && { connections: { ...(finding !== undefined && { finding }), uids, directory } }),
    ...(filter !== undefined && { filter }),
    ...{ out, force, signal },
  };
}
