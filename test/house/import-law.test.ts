import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mayImport, portFolders, pureFolders } from '../../tools/import-law.ts';
import { impurities } from '../../tools/purity.ts';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryTree } from '../support/temporary-folder.ts';

const tsconfig = '{"compilerOptions":{"module":"nodenext","allowImportingTsExtensions":true,"noEmit":true},"include":["src"]}';

removeTemporaryFolders();

/** Runs the checker on a tree of these files. */
function checkLaw(files: Readonly<Record<string, string>>): { code: number | null; said: string } {
  const root = temporaryTree({ 'tsconfig.json': tsconfig, 'package.json': '{"type":"module"}', ...files });
  const run = spawnSync(process.execPath, [join(repository, 'tools/check-law.ts'), root], { encoding: 'utf8' });
  return { code: run.status, said: run.stderr };
}

/** A tree that keeps the law. */
const lawful = {
  'src/base/units.ts': 'export const one = 1;\n',
  'src/base/units.test.ts': "import './units.ts';\nimport 'node:fs';\n",
  'src/cli/run.ts': "import '../base/units.ts';\n",
  'src/main.ts': "import './cli/run.ts';\n",
};

/** What the unlawful files import. */
const imported = {
  'src/base/cycle.ts': "import './b.ts';\n",
  'src/base/b.test.ts': 'export {};\n',
  'src/engine/b.ts': 'export type B = 1;\n',
  'src/engine/analyzers/ntp/b.ts': 'export {};\n',
  'src/detect/b.ts': 'export {};\n',
  'src/detect/detectors/two/b.ts': 'export {};\n',
  'src/platform/b.ts': 'export {};\n',
  'src/host/spawn/b.ts': 'export {};\n',
  'src/store/memory/b.ts': 'export {};\n',
  'node_modules/fflate/package.json': '{"name":"fflate","main":"i.js"}',
  'node_modules/fflate/i.js': '',
};

/** Each file breaks the rule of its row. */
const violations: readonly [rule: string, path: string, text: string][] = [
  ['layer-engine', 'src/engine/layer.ts', "import '../detect/b.ts';"],
  ['layer-detect', 'src/detect/layer.ts', "import type { B } from '../engine/b.ts';\nexport type A = B;"],
  ['pure-core', 'src/engine/node.ts', "import { readFileSync } from 'node:fs';\nreadFileSync('x');"],
  ['pure-core', 'src/model/package.ts', "import { inflateSync } from 'fflate';\ninflateSync;"],
  ['impure', 'src/detect/clock.ts', "import './b.ts';\nexport const now = () => Date.now();"],
  ['adapters-only-in-compose', 'src/workflows/a.ts', "import '../store/memory/b.ts';"],
  ['ports-do-not-know-adapters', 'src/store/port.ts', "import './memory/b.ts';"],
  ['store-adapters-are-strangers', 'src/store/disk/a.ts', "import '../memory/b.ts';"],
  ['adapters-are-strangers', 'src/capture/tcpdump/a.ts', "import '../../host/spawn/b.ts';"],
  ['analyzers-are-strangers', 'src/engine/analyzers/dns/a.ts', "import '../ntp/b.ts';"],
  ['detectors-are-strangers', 'src/detect/detectors/one/a.ts', "import '../two/b.ts';"],
  ['platform-only-in-compose', 'src/capture/file/a.ts', "import '../../platform/b.ts';"],
  ['processes-only-in-host', 'src/host/linux/a.ts', "import 'node:child_process';"],
  ['main-is-thin', 'src/main.ts', "import './cli/run.ts';\nimport './engine/b.ts';"],
  ['every-folder-has-a-layer', 'src/utils/a.ts', "import '../base/units.ts';"],
  ['no-cycles', 'src/base/b.ts', "import './cycle.ts';"],
  ['no-orphans', 'src/base/lonely.ts', 'export {};'],
  ['no-unresolvable', 'src/base/lost.ts', "import './gone.ts';"],
  ['no-test-imports', 'src/base/tested.ts', "import './b.test.ts';"],
];

describe('the import law', () => {
  it('accepts a tree that keeps it', () => {
    expect(checkLaw(lawful)).toEqual({ code: 0, said: 'The import law is kept.\n' });
  });

  it('fails when there was nothing to check', () => {
    expect(checkLaw({ 'src/readme.txt': '' }).code).toBe(1);
  });

  describe('in a tree that breaks every rule', () => {
    let code: number | null = null;
    let said = '';
    beforeAll(() => {
      const unlawful = Object.fromEntries(violations.map(([, path, text]) => [path, `${text}\n`]));
      ({ code, said } = checkLaw({ ...lawful, ...imported, ...unlawful }));
    });

    it('fails', () => expect(code).toBe(1));

    it.each(violations)('reports %s in %s', (rule, path) => {
      expect(said.split('\n').filter((line) => line.startsWith(`${path}:`) && line.includes(`: ${rule}`))).not.toEqual([]);
    });

    it('accuses nobody else', () => {
      const accused = said
        .split('\n')
        .slice(0, -2)
        .map((line) => line.replace(/:.*/, ''));
      expect(accused.filter((path) => path in lawful && path !== 'src/main.ts')).toEqual([]);
    });
  });
});

describe('the table', () => {
  it('names only folders that it also lists', () => {
    const folders = Object.keys(mayImport);
    expect(folders).toEqual(expect.arrayContaining([...Object.values(mayImport).flat(), ...pureFolders, ...portFolders]));
  });

  it('lets a pure folder import only pure folders', () => {
    for (const folder of pureFolders) expect(pureFolders).toEqual(expect.arrayContaining([...(mayImport[folder] ?? [])]));
  });

  it('has no cycle', () => {
    const reach = (folder: string, path: readonly string[]): void => {
      expect(path).not.toContain(folder);
      for (const next of mayImport[folder] ?? []) reach(next, [...path, folder]);
    };
    for (const folder of Object.keys(mayImport)) reach(folder, []);
  });
});

describe('purity', () => {
  it.each([
    'process.exit(1);',
    'Buffer.from("");',
    'const now = new Date();',
    'Math.random();',
    'setTimeout(() => {}, 1);',
    'const o = { crypto };',
  ])('sees %s', (source) => expect(impurities('a.ts', source)).toHaveLength(1));

  it.each([
    'const x = (globalThis as { Buffer?: object }).Buffer;',
    'interface Y { process: number; console(): void }',
    'const o = { process: 1 }; o.process;',
    'const at = new Date(1);',
    '// process.exit()\nconst s = "Date.now()";',
  ])('accepts %s', (source) => expect(impurities('a.ts', source)).toEqual([]));
});
