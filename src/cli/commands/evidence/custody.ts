// vedette evidence key, stamp, hand-over
import type { Command } from 'commander';
import { standardStateDirectory } from '../../../config/state-directory.ts';
import type { Bundles } from '../../../workflows/bundle/bundles.ts';
import { print } from '../../output/one-line.ts';
import { urlOf } from '../options.ts';

const keyExamples = `
Keep the private key from others; give the public one (FILE.pub) and its fingerprint to those who will verify, before they need it.

Examples:
  vedette evidence key
  vedette evidence key --out /root/evidence.pem

Exit codes: 0 done, 3 the file exists, 4 it cannot be written.
`;

const stampExamples = `
Examples:
  vedette evidence stamp /srv/evidence/case-1 --tsa http://timestamp.example.org

Exit codes: 0 done, 2 not a bundle, 3 it has a time stamp, 4 the authority gave none.
`;

const handOverExamples = `
The bundle is verified first; a broken one is not handed over. The line is added to its custody log.

Examples:
  vedette evidence hand-over /srv/evidence/case-1 --to "police, reference 4711" --reason "request of 2 December"

Exit codes: 0 done, 2 not a bundle, 3 it is not whole.
`;

/** Adds the commands. */
export function addEvidenceCustody(evidence: Command, bundles: (stateDirectory: string) => Bundles): void {
  evidence
    .command('key')
    .summary('make the key that signs bundles')
    .description('Makes an Ed25519 key: the private half readable by its owner alone, the public half beside it.')
    .option('-o, --out <file>', 'file to make (standard: STATE/evidence-key.pem)')
    .option('--state <dir>', 'state directory', standardStateDirectory)
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', keyExamples)
    .action(async ({ out, state, json }: { out?: string; state: string; json: boolean }) => {
      const jobs = bundles(state);
      const path = out ?? jobs.standardKeyFile;
      const fingerprint = await jobs.createKey(path);
      print(json, { schema: 1, path, publicKey: `${path}.pub`, fingerprint }, [
        `${path} and ${path}.pub made`,
        `Fingerprint ${fingerprint}`,
      ]);
    });
  evidence
    .command('stamp')
    .summary('add a time stamp to a bundle')
    .description('Has SHA256SUMS of a bundle stamped by a time stamp authority (RFC 3161).')
    .argument('<bundle>', 'directory')
    .requiredOption('--tsa <url>', 'time stamp authority', urlOf)
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', stampExamples)
    .action(async (path: string, { tsa, json }: { tsa: string; json: boolean }) => {
      const stampedAt = await bundles(standardStateDirectory).stamp(path, tsa);
      print(json, { schema: 1, path, stampedAt }, [`${path} stamped ${stampedAt}`]);
    });
  evidence
    .command('hand-over')
    .summary('write down who gets a bundle')
    .description('Adds to the custody log of a bundle that it was handed over.')
    .argument('<bundle>', 'directory')
    .requiredOption('--to <whom>', 'person or office')
    .option('--reason <text>', 'why')
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', handOverExamples)
    .action(async (path: string, { to, reason, json }: { to: string; reason?: string; json: boolean }) => {
      await bundles(standardStateDirectory).handOver(path, to, reason);
      print(json, { schema: 1, path, to }, [`${path}: handed over to ${to}`]);
    });
}
