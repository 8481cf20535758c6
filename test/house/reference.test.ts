import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../src/base/errors.ts';
import { referencePages } from '../../tools/reference/pages.ts';
import { repository } from '../support/repository.ts';

const pages = Object.entries(referencePages());
const read = (path: string): string => (existsSync(join(repository, path)) ? readFileSync(join(repository, path), 'utf8') : '');

describe('the reference pages', () => {
  it.each(pages)('%s is what `npm run docs` writes', (path, text) => {
    expect(read(path) === text, 'stale: run `npm run docs`').toBe(true);
  });

  it('are all generated', () => {
    const generated = pages.map(([path]) => path);
    expect(globSync('docs/reference/*.md', { cwd: repository }).toSorted()).toEqual(generated.toSorted());
  });
});

describe('docs/reference/errors.md', () => {
  const documented = [...read('docs/reference/errors.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);

  it('has every error of the catalogue, and none that the catalogue lacks', () => {
    expect(documented).toEqual(Object.keys(errorCatalogue));
  });
});

describe('the error catalogue', () => {
  it.each(Object.entries(errorCatalogue))('%s: its sentence is one line that says what to do', (code, [, sentence]) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(sentence).toMatch(/^(?!.*\n).*[^.!]$/);
  });
});
