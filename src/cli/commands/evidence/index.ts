// vedette evidence: the group of commands on evidence bundles.
import type { Command } from 'commander';
import type { Bundles } from '../../../workflows/bundle/bundles.ts';
import { addEvidenceCollect } from './collect.ts';
import { addEvidenceCustody } from './custody.ts';
import { addEvidenceVerify } from './verify.ts';

const examples = `
A bundle is a directory: SHA256SUMS (for sha256sum -c), its Ed25519 signature, manifest.json, a hash-chained custody log, and the
evidence. Only its owner may read it. Nothing in it is ever replaced.

Examples:
  vedette evidence key                                          make the key that signs (0600)
  vedette evidence collect case-2026-001 --out /srv/evidence/1  everything of a case, sealed
  vedette evidence verify /srv/evidence/1 --trusted-key key.pub  name what changed, is missing or was added
`;

/** Adds the group; `bundles` gives the jobs for a state directory. */
export function addEvidenceCommands(program: Command, bundles: (stateDirectory: string) => Bundles): void {
  const evidence = program
    .command('evidence')
    .summary('collect, seal and verify evidence')
    .description('Collects evidence into sealed bundles, and verifies them.')
    .addHelpText('after', examples);
  addEvidenceCollect(evidence, bundles);
  addEvidenceVerify(evidence, bundles);
  addEvidenceCustody(evidence, bundles);
}
