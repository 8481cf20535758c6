// Bundles src/main.ts and the worker entry points into dist/. `node tools/build.ts [--out DIR]`
//
// dist/ is never seen half-written: chunks carry a hash in their name and are moved in first, the entry points last,
// each by an atomic rename. Chunks of the previous build stay, since a running process may still load them.

import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const { values: options } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist') } } });
const out = resolve(options.out);
const stamp = join(out, '.built');
const startedAt = new Date();

/** Bundled CommonJS (yaml) calls require; an ES module has to make one. */
const requireBanner = "import { createRequire as vedetteRequire } from 'node:module'; const require = vedetteRequire(import.meta.url);";

/** Entry points keep their names, so that `new Worker(new URL('./x-worker.js', import.meta.url))` finds them. */
const entryPoints = ['src/main.ts', ...globSync('src/**/*-worker.ts', { cwd: root })];

mkdirSync(out, { recursive: true });
const staging = mkdtempSync(join(out, '.next-'));
try {
  const result = await build({
    absWorkingDir: root,
    entryPoints: entryPoints.map((path) => ({ in: path, out: path.replace(/^.*\//, '').replace(/\.ts$/, '') })),
    outdir: staging,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    sourcemap: true,
    sourcesContent: false,
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: requireBanner },
    metafile: true,
    logLevel: 'warning',
  });
  const built = Object.keys(result.metafile.outputs).map((path) => relative(staging, join(root, path)));
  const chunksFirst = built.toSorted((a, b) => Number(b.startsWith('chunks/')) - Number(a.startsWith('chunks/')));
  for (const path of chunksFirst) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    renameSync(join(staging, path), join(out, path));
  }
  removeOlderThanPrevious(built);
} finally {
  rmSync(staging, { recursive: true, force: true });
}

/** Keeps the files of this build and of the one before, and notes ours for the next. */
function removeOlderThanPrevious(built: readonly string[]): void {
  const previous: string[] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split('\n') : [];
  const keep = new Set([...built, ...previous]);
  for (const path of globSync('**/*.{js,map}', { cwd: out })) if (!keep.has(path)) rmSync(join(out, path), { force: true });
  writeFileSync(`${stamp}.next`, built.join('\n'));
  // Dated at the start, so that a source saved while we were bundling counts as newer.
  utimesSync(`${stamp}.next`, startedAt, startedAt);
  renameSync(`${stamp}.next`, stamp);
}
