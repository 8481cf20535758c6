// The generators, in a copy of the sources: what they write must be in the lists, compile, and pass its own test.

import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

/** Sources, builders for tests and compiler settings; nothing that would run the whole suite. */
function copyOfSources(): string {
  const root = temporaryFolder();
  for (const path of ['src', 'test/build', 'tsconfig.json', 'package.json', 'biome.json'])
    cpSync(join(repository, path), join(root, path), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'vitest.config.ts'), 'export default {};\n');
  return root;
}

function generate(generator: string, name: string, root: string): { code: number | null; out: string; err: string } {
  const args = [join(repository, 'tools', generator), name, '--root', root];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** Compiler messages about these files alone; the rest of the tree is not what is asked here. */
function complaints(root: string, paths: readonly string[]): string[] {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const { tsBuildInfoFile: _, ...settings } = options;
  const program = ts.createProgram(
    paths.map((path) => join(root, path)),
    { ...settings, incremental: false },
  );
  return paths.flatMap((path) => {
    const file = program.getSourceFile(join(root, path));
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}

function runTests(root: string, folder: string): string {
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const { CI: _, ...env } = process.env;
  const run = spawnSync(process.execPath, [vitest, 'run', '--root', root, folder], { encoding: 'utf8', env: { ...env, NO_COLOR: '1' } });
  return run.stdout + run.stderr;
}

describe.each([
  {
    generator: 'new-analyzer.ts',
    name: 'sample_protocol',
    folder: 'src/engine/analyzers/sample_protocol',
    files: [
      'src/model/records/sample-protocol.ts',
      'src/engine/analyzers/sample_protocol/sample-protocol-message.ts',
      'src/engine/analyzers/sample_protocol/sample-protocol.test.ts',
      'src/engine/analyzers/sample_protocol/sample-protocol.ts',
      'src/engine/analyzers/index.ts',
      'src/model/records/index.ts',
    ],
    entries: {
      'src/engine/analyzers/index.ts': /\bsampleProtocol,?\s/,
      'src/model/records/index.ts': /\bsample_protocol: sampleProtocol\b/,
    },
    tests: 4,
  },
  {
    generator: 'new-detector.ts',
    name: 'D99-sample-finding',
    folder: 'src/detect/detectors/sample-finding',
    files: [
      'src/detect/detectors/sample-finding/sample-finding.test.ts',
      'src/detect/detectors/sample-finding/sample-finding.ts',
      'src/detect/detectors/index.ts',
    ],
    entries: { 'src/detect/detectors/index.ts': /\[\s*sampleFinding\b/ },
    tests: 2,
  },
])('$generator', ({ generator, name, folder, files, entries, tests }) => {
  let root = '';
  let said = { code: null as number | null, out: '', err: '' };
  beforeAll(() => {
    root = copyOfSources();
    said = generate(generator, name, root);
  });

  it('writes its files and says which', () => {
    expect(said).toEqual({ code: 0, out: files.map((path) => `${path}\n`).join(''), err: '' });
  });

  it('adds to the explicit lists', () => {
    for (const [path, entry] of Object.entries(entries)) expect(readFileSync(join(root, path), 'utf8')).toMatch(entry);
  });

  it('writes what compiles under the strict settings', () => {
    expect(complaints(root, files)).toEqual([]);
  });

  it('writes a test that passes', () => {
    expect(runTests(root, folder)).toMatch(new RegExp(`Tests +${tests} passed \\(${tests}\\)`));
  });

  it('fills every placeholder', () => {
    for (const path of files) expect(readFileSync(join(root, path), 'utf8')).not.toMatch(/__[A-Za-z]+__/);
  });

  it('refuses a name that is taken, and changes nothing', () => {
    const before = files.map((path) => readFileSync(join(root, path), 'utf8'));
    const { code, err } = generate(generator, name, root);
    expect({ code, err }).toEqual({ code: 2, err: `${join(root, folder)} exists; choose another name\n` });
    expect(files.map((path) => readFileSync(join(root, path), 'utf8'))).toEqual(before);
  });

  it.each(['', 'Bad Name', '../escape', 'UPPER', 'D1-x'])('refuses the name "%s"', (bad) => {
    expect(generate(generator, bad, root)).toMatchObject({ code: 2, err: expect.stringMatching(/^usage: npm run new-/) });
  });
});
