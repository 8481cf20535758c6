// What the generators share: names, templates (tools/templates/**), and the explicit lists.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const house = resolve(import.meta.dirname, '..');

/** A reason not to generate, for the person who asked. */
export class RefusedError extends Error {}

/** A service's name (`krb_tcp`, `ftp-data`) as files, TypeScript and logs spell it. */
export function spellings(name: string): Record<'name' | 'kebab' | 'camel' | 'Pascal' | 'log', string> {
  const words = name.split(/[-_]/);
  const Pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return { name, kebab: words.join('-'), camel: Pascal.charAt(0).toLowerCase() + Pascal.slice(1), Pascal, log: words.join('_') };
}

/**
 * Writes the files of one template into `folder`, which may exist but must not hold any of them.
 * `__key__` in names and text becomes the value of `key`.
 * @returns the written paths
 */
export function fillTemplate(template: string, folder: string, values: Readonly<Record<string, string>>): string[] {
  const filled = (text: string): string => text.replace(/__([A-Za-z]+)__/g, (whole, key: string) => values[key] ?? whole);
  const from = join(house, 'tools/templates', template);
  const files = readdirSync(from).map((file) => ({ file, path: join(folder, filled(file.replace(/\.template$/, ''))) }));
  const taken = files.find(({ path }) => existsSync(path));
  if (taken !== undefined) throw new RefusedError(`${taken.path} exists; choose another name`);
  for (const { file, path } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, filled(readFileSync(join(from, file), 'utf8')));
  }
  return files.map(({ path }) => path);
}

/** An entry of an explicit list: the file of the list, the literal that holds it, and what to put in. */
export interface ListEntry {
  readonly path: string;
  /** Where the literal begins, e.g. `/export const detectors\b[^=]*= \[/`. */
  readonly opening: RegExp;
  readonly importLine: string;
  readonly entry: string;
  /** Detectors that join findings come last, so new ones go first; records keep the order in which they came. */
  readonly at: 'start' | 'end';
}

/** Adds an import and an entry. */
export function addToList({ path, opening, importLine, entry, at }: ListEntry): void {
  const text = readFileSync(path, 'utf8');
  const found = opening.exec(text);
  const firstImport = text.indexOf('import ');
  if (found === null || firstImport < 0) throw new RefusedError(`${path} does not look like a list any more; mend tools/scaffold.ts`);
  const start = found.index + found[0].length;
  const end = start + text.slice(start).search(/\s*[\]}]/);
  const listed = text.slice(start, end).trim();
  const separator = listed === '' || listed.endsWith(',') ? '' : ',';
  const grown = at === 'start' ? `${entry}, ${text.slice(start, end)}` : `${text.slice(start, end)}${separator} ${entry}`;
  const withEntry = text.slice(0, start) + grown + text.slice(end);
  writeFileSync(path, `${withEntry.slice(0, firstImport)}${importLine}\n${withEntry.slice(firstImport)}`);
}

/** Formats what was written, and sorts the imports of the lists. */
export function format(root: string, paths: readonly string[]): void {
  const biome = join(house, 'node_modules/@biomejs/biome/bin/biome');
  const run = spawnSync(process.execPath, [biome, 'check', '--write', '--vcs-enabled=false', ...paths], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
}

/** Runs a generator: `node tools/new-*.ts NAME [--root DIR]`; says what was written, or in one line why not. */
export function runGenerator(usage: string, valid: RegExp, generate: (name: string, root: string) => string[]): void {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { root: { type: 'string', default: house } } });
  const [name = '', ...rest] = positionals;
  try {
    if (!valid.test(name) || rest.length > 0) throw new RefusedError(`usage: ${usage}`);
    const root = resolve(values.root);
    const written = generate(name, root);
    format(root, written);
    for (const path of written) process.stdout.write(`${relative(root, path)}\n`);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
