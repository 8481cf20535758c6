// ./vedette in small trees of its own: a build that only notes that it ran, an npm that only links what is here.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder, temporaryTree } from '../support/temporary-folder.ts';

removeTemporaryFolders();

/** Says what it was given; `wait` stays until a signal comes, `fail` exits 3. */
const program = `
import { readFileSync } from 'node:fs';
const args = process.argv.slice(2);
if (args[0] === 'wait') { console.log('waiting'); setInterval(() => {}, 1000); }
else if (args[0] === 'read') console.log(readFileSync(0, 'utf8'));
else console.log(JSON.stringify(args));
if (args[0] === 'fail') process.exitCode = 3;
`;
const build = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
if (process.env.BUILD_FAILS) { console.error('src/main.ts:1: no'); process.exit(1); }
process.chdir(import.meta.dirname + '/..');
mkdirSync('dist', { recursive: true });
appendFileSync('builds', 'x');
writeFileSync('dist/main.js', ${JSON.stringify(program)});
writeFileSync('dist/.built', '');
`;

/** An npm that installs by linking the Node that runs this test, slowly enough for two launchers to meet. */
const goodNpm = `#!/bin/sh
echo x >>installs
sleep 0.3
mkdir -p node_modules/node/bin
ln -sf "${process.execPath}" node_modules/node/bin/node
echo {} >node_modules/.package-lock.json
`;
const offlineNpm = '#!/bin/sh\necho "npm error code EAI_AGAIN" >&2\nexit 1\n';
const brokenNpm = '#!/bin/sh\necho "npm error code EINTEGRITY" >&2\nexit 1\n';
const oldNode = '#!/bin/sh\necho v20.19.0\n';

const usualTools = ['sh', 'dirname', 'readlink', 'find', 'head', 'grep', 'cmp', 'cp', 'mkdir', 'rmdir', 'rm', 'ln', 'sleep', 'flock'];

/** A folder with links to these programs, and scripts of our own, as the whole PATH. */
function pathOf(tools: readonly string[], scripts: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  const real = (process.env['PATH'] ?? '').split(delimiter);
  for (const tool of tools) {
    const at = real.map((part) => join(part, tool)).find((path) => existsSync(path));
    if (at !== undefined) symlinkSync(at, join(folder, tool));
  }
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

interface Tree {
  readonly root: string;
  readonly launcher: string;
}

/** A fresh clone; `installed` also has its dependencies. */
function freshTree(installed = true): Tree {
  const root = temporaryTree({
    'package.json': '{"type":"module"}',
    'package-lock.json': '{}',
    'tsconfig.json': '{}',
    'tools/build.ts': build,
    'src/main.ts': '',
    'src/engine/a.ts': '',
    'src/engine/a.test.ts': '',
  });
  const launcher = join(root, 'vedette');
  copyFileSync(join(repository, 'vedette'), launcher);
  chmodSync(launcher, 0o755);
  if (installed) {
    mkdirSync(join(root, 'node_modules/node/bin'), { recursive: true });
    symlinkSync(process.execPath, join(root, 'node_modules/node/bin/node'));
    writeFileSync(join(root, 'node_modules/.package-lock.json'), '{}');
  }
  return { root, launcher };
}

interface RunOptions {
  readonly path?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

function environment({ path, env }: RunOptions): Record<string, string> {
  return { PATH: path ?? pathOf(usualTools, { npm: brokenNpm }), ...env };
}

function run(command: string, args: readonly string[], options: RunOptions = {}): { code: number | null; out: string; err: string } {
  const child = spawnSync(command, args, { cwd: '/', env: environment(options), encoding: 'utf8', input: options.input ?? '' });
  return { code: child.status, out: child.stdout, err: child.stderr };
}

async function finished(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, signal };
}

const count = (tree: Tree, file: 'builds' | 'installs'): number =>
  existsSync(join(tree.root, file)) ? readFileSync(join(tree.root, file), 'utf8').replaceAll('\n', '').length : 0;

/** Dates a file a minute ahead, as if it had been saved just now after a build a moment ago. */
function touch(tree: Tree, path: string): void {
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(tree.root, path), later, later);
}

describe('the launcher', () => {
  it('hands over arguments, standard input and exit code, and says nothing of its own', () => {
    const { launcher } = freshTree();
    expect(run(launcher, ['a b', '*', '', '--x'])).toEqual({ code: 0, out: '["a b","*","","--x"]\n', err: '' });
    expect(run(launcher, ['read'], { input: 'from stdin' }).out).toBe('from stdin\n');
    expect(run(launcher, ['fail']).code).toBe(3);
  });

  it('becomes the program, so that a signal reaches it', async () => {
    const { launcher } = freshTree();
    const child = spawn(launcher, ['wait'], { env: environment({}), stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await finished(child)).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('finds its tree from any directory and through symbolic links', () => {
    const { launcher } = freshTree();
    const elsewhere = temporaryFolder();
    symlinkSync(launcher, join(elsewhere, 'absolute'));
    symlinkSync('absolute', join(elsewhere, 'relative'));
    expect(run(join(elsewhere, 'relative'), ['x'])).toMatchObject({ code: 0, out: '["x"]\n' });
  });

  it('works in a folder whose name has spaces', () => {
    const { root } = freshTree();
    const elsewhere = join(temporaryFolder(), 'my tools');
    symlinkSync(root, elsewhere);
    expect(run(join(elsewhere, 'vedette'), ['x'])).toMatchObject({ code: 0, out: '["x"]\n' });
  });

  it('runs an installed package, which has no sources, with the Node of the machine', () => {
    const tree = freshTree(false);
    mkdirSync(join(tree.root, 'dist'));
    writeFileSync(join(tree.root, 'dist/main.js'), program);
    for (const path of ['src', 'tools']) rmSync(join(tree.root, path), { recursive: true });
    const path = pathOf(usualTools, {});
    symlinkSync(process.execPath, join(path, 'node'));
    expect(run(tree.launcher, ['x'], { path })).toEqual({ code: 0, out: '["x"]\n', err: '' });
  });
});

describe('building', () => {
  it('happens once, and again when a source changed or went away', () => {
    const tree = freshTree();
    const buildsAfter = (change: () => void): number => {
      change();
      run(tree.launcher, []);
      return count(tree, 'builds');
    };
    expect(buildsAfter(() => {})).toBe(1);
    expect(buildsAfter(() => {})).toBe(1);
    expect(buildsAfter(() => touch(tree, 'src/engine/a.ts'))).toBe(2);
    expect(buildsAfter(() => rmSync(join(tree.root, 'src/engine/a.ts')))).toBe(3);
    expect(buildsAfter(() => {})).toBe(3);
  });

  it('does not happen because a test changed', () => {
    const tree = freshTree();
    run(tree.launcher, []);
    touch(tree, 'src/engine/a.test.ts');
    run(tree.launcher, []);
    expect(count(tree, 'builds')).toBe(1);
  });

  it('says in one line that it failed', () => {
    const { launcher, root } = freshTree();
    expect(run(launcher, [], { env: { BUILD_FAILS: '1' } })).toEqual({
      code: 4,
      out: '',
      err: `vedette: the build failed; see ${root}/.vedette/build.log\n`,
    });
    expect(readFileSync(join(root, '.vedette/build.log'), 'utf8')).toContain('src/main.ts:1: no');
  });
});

describe('installing', () => {
  it('happens when there is nothing installed, and when the lock file changed', () => {
    const tree = freshTree(false);
    const path = pathOf(usualTools, { npm: goodNpm });
    expect(run(tree.launcher, ['x'], { path })).toEqual({ code: 0, out: '["x"]\n', err: '' });
    run(tree.launcher, [], { path });
    expect(count(tree, 'installs')).toBe(1);
    writeFileSync(join(tree.root, 'package-lock.json'), '{"changed":true}');
    touch(tree, 'package-lock.json');
    run(tree.launcher, [], { path });
    expect(count(tree, 'installs')).toBe(2);
  });

  it('does not happen when the lock file is only newer, not different', () => {
    const tree = freshTree(false);
    const path = pathOf(usualTools, { npm: goodNpm });
    run(tree.launcher, [], { path });
    touch(tree, 'package-lock.json');
    expect(run(tree.launcher, ['x'], { path })).toMatchObject({ code: 0, out: '["x"]\n' });
    expect(count(tree, 'installs')).toBe(1);
  });

  it.each([
    ['with flock', usualTools],
    ['without flock', usualTools.filter((tool) => tool !== 'flock')],
  ])('is done by one of two launchers that start together, %s', async (_, tools) => {
    const tree = freshTree(false);
    const env = environment({ path: pathOf(tools, { npm: goodNpm }) });
    const both = [1, 2].map(() => spawn(tree.launcher, ['x'], { env, stdio: 'ignore' }));
    expect(await Promise.all(both.map(finished))).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    expect([count(tree, 'installs'), count(tree, 'builds')]).toEqual([1, 1]);
  });

  it.each([
    ['npm is missing', {}, /^vedette: npm is missing, .*; install Node\.js with npm .*\n$/],
    [
      'the registry is out of reach',
      { npm: offlineNpm },
      /^vedette: the npm registry cannot be reached, .*; connect this machine and try again\n$/,
    ],
    ['npm fails otherwise', { npm: brokenNpm }, /^vedette: npm ci failed; see .*install\.log\n$/],
    [
      'no Node is new enough',
      { npm: '#!/bin/sh\nmkdir -p node_modules\n', node: oldNode },
      /^vedette: needs Node\.js 22\.18 or newer, .*\n$/,
    ],
  ])('says in one line that %s', (_, scripts, sentence) => {
    const { launcher } = freshTree(false);
    const { code, out, err } = run(launcher, [], { path: pathOf(usualTools, scripts) });
    expect(err).toMatch(sentence);
    expect({ code, out }).toEqual({ code: 4, out: '' });
  });
});
