// Checks the import law (.dependency-cruiser.cjs) and the purity of the core. `node tools/check-law.ts [ROOT]`
//
// Proves that it looked: dependency-cruiser passes silently when it cannot read TypeScript, so every .ts file under
// src/ and web/ must be among the modules that it cruised.

import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pureFolders } from './import-law.ts';
import { impurities } from './purity.ts';

/** What we read of dependency-cruiser's JSON report. */
interface CruiseReport {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly Violation[]; readonly ruleSetUsed: RuleSet };
}
interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}
interface RuleSet {
  readonly forbidden: readonly { readonly name: string; readonly comment?: string }[];
}

const house = resolve(import.meta.dirname, '..');
const cruiser = join(house, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const rules = join(house, '.dependency-cruiser.cjs');

/** Everything against the law in the tree at `root`, one sentence each; empty when it is kept. */
function findViolations(root: string): string[] {
  const roots = ['src', 'web'].filter((folder) => existsSync(join(root, folder)));
  const written = globSync(
    roots.map((folder) => `${folder}/**/*.ts`),
    { cwd: root, exclude: ['**/fixtures/**'] },
  );
  const run = spawnSync(process.execPath, [cruiser, '--config', rules, '--output-type', 'json', ...roots], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (!run.stdout.startsWith('{')) return [`dependency-cruiser failed: ${run.stderr.trim()}`];
  const { modules, summary } = JSON.parse(run.stdout) as CruiseReport;
  return [
    ...unseen(
      written,
      modules.map(({ source }) => source),
    ),
    ...summary.violations.map((violation) => sentence(violation, summary.ruleSetUsed)),
    ...written.filter(isPure).flatMap((path) => impurities(path, readFileSync(join(root, path), 'utf8'))),
  ].toSorted();
}

function unseen(written: readonly string[], cruised: readonly string[]): string[] {
  const seen = new Set(cruised);
  const missed = written.filter((path) => !seen.has(path)).map((path) => `${path}: not-cruised: dependency-cruiser did not read this file`);
  return written.length === 0 ? ['no .ts file found: nothing was checked', ...missed] : missed;
}

function sentence({ rule, from, to }: Violation, { forbidden }: RuleSet): string {
  const advice = forbidden.find(({ name }) => name === rule.name)?.comment ?? '';
  return `${from}: ${rule.name}${to === from ? '' : `: imports ${to}`}. ${advice}`;
}

function isPure(path: string): boolean {
  return pureFolders.some((folder) => path.startsWith(`src/${folder}/`)) && !path.endsWith('.test.ts');
}

const root = resolve(process.argv[2] ?? house);
const violations = findViolations(root);
for (const line of violations) process.stderr.write(`${line}\n`);
process.stderr.write(violations.length === 0 ? 'The import law is kept.\n' : `${violations.length} violations of the import law.\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
