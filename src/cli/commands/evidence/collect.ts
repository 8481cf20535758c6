// vedette evidence collect
import type { Command } from 'commander';
import { VedetteError } from '../../../base/errors.ts';
import { standardStateDirectory } from '../../../config/state-directory.ts';
import type { Bundles, CollectResult, CollectWhat } from '../../../workflows/bundle/bundles.ts';
import { print } from '../../output/one-line.ts';
import { collectTexts, urlOf } from '../options.ts';

interface Options {
  readonly finding: readonly string[];
  readonly from?: string;
  readonly capture: readonly string[];
  readonly allPackets: boolean;
  readonly machine: readonly string[];
  readonly cloud?: string;
  readonly out: string;
  readonly tar: boolean;
  readonly key?: string;
  readonly tsa?: string;
  readonly state: string;
  readonly json: boolean;
}

const examples = `
Collected are: packets of the findings' connections, the rows of their logs, the findings with parameters and version, the report, the
journal of the case, journals of actions, the clock of this host, versions of tools; with --machine the inventory as it was then; with
--cloud what the API says of the machine (diagnostics, console, server, ports, instance actions). What could not be had is named.

Examples:
  vedette evidence collect case-2026-001 --out /srv/evidence/case-1 --tar
  vedette evidence collect --from out --finding D31-interactive-shell-12a28bf9162f9b --out shell
  vedette evidence collect case-2026-001 --out e1 --tsa http://timestamp.example.org --all-packets

Exit codes: 0 done, 2 bad usage or input, 3 exists or the key is exposed, 4 something outside failed, or the bundle has gaps.
`;

const usage = (problem: string): VedetteError => new VedetteError('usage', { problem, advice: 'see vedette evidence collect --help' });

function whatOf(caseId: string | undefined, { finding, from }: Options): CollectWhat {
  if (caseId !== undefined) {
    if (from !== undefined || finding.length > 0) throw usage('give a case, or --from with --finding, not both');
    return { caseId };
  }
  if (from === undefined) throw usage('say what to collect: a case, or --from with --finding');
  return { from, findings: finding };
}

function linesOf({ path, tar, sumsSha256, files, bytes, gaps, signingKey, stampedAt, stampFailed, tarFailed }: CollectResult): string[] {
  return [
    `${files} files, ${bytes.toLocaleString('en')} bytes sealed in ${path}${tar === undefined ? '' : ` and ${tar}`}`,
    `SHA256SUMS  ${sumsSha256}`,
    signingKey === undefined ? 'Not signed: make a key with vedette evidence key' : `Signed by   ${signingKey}`,
    ...(stampedAt === undefined ? [] : [`Time stamp  ${stampedAt}`]),
    ...(stampFailed === undefined ? [] : [`No time stamp: ${stampFailed}`]),
    ...(tarFailed === undefined ? [] : [`No archive: ${tarFailed}`]),
    ...gaps.map(({ what, reason }) => `Missing: ${what}: ${reason}`),
  ];
}

/** Adds the command. */
export function addEvidenceCollect(evidence: Command, bundles: (stateDirectory: string) => Bundles): void {
  evidence
    .command('collect')
    .summary('collect evidence of a case or of findings into a sealed bundle')
    .description('Collects everything of a case, or of findings, into a bundle, and seals it.')
    .argument('[case]', 'id of a case')
    .requiredOption('-o, --out <dir>', 'directory to make; nothing is replaced')
    .option('--from <dir>', 'output directory of analyze, in place of a case')
    .option('--finding <id>', 'of these findings only (repeatable); all without', collectTexts, [])
    .option('--capture <path>', 'capture to cut packets from (repeatable; standard: those that were analysed)', collectTexts, [])
    .option('--all-packets', 'also all packets of the machines, not only those of the findings', false)
    .option('--machine <id>', 'machine to ask inventory and cloud about (repeatable)', collectTexts, [])
    .option('--cloud <name>', 'cloud of clouds.yaml to ask about the machines')
    .option('--tar', 'also as DIR.tar.gz', false)
    .option('--key <file>', 'private key that signs (standard: STATE/evidence-key.pem when it is there)')
    .option('--tsa <url>', 'time stamp authority (RFC 3161)', urlOf)
    .option('--state <dir>', 'state directory', standardStateDirectory)
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', examples)
    .action(async (caseId: string | undefined, options: Options) => {
      const stop = new AbortController();
      const onInterrupt = (): void => stop.abort();
      process.on('SIGINT', onInterrupt);
      try {
        const { out, tar, capture, allPackets, machine, cloud, key, tsa } = options;
        const result = await bundles(options.state).collect(whatOf(caseId, options), {
          ...{ out, tar, captures: capture, allPackets, machines: machine, signal: stop.signal },
          ...(cloud !== undefined && { cloud }),
          ...(key !== undefined && { keyFile: key }),
          ...(tsa !== undefined && { authorityUrl: tsa }),
        });
        print(options.json, { schema: 1, ...result }, linesOf(result));
        if (result.gaps.length > 0 || result.stampFailed !== undefined || result.tarFailed !== undefined) process.exitCode = 4;
      } finally {
        process.off('SIGINT', onInterrupt);
      }
    });
}
