import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayImport, pureFolders } from '../../tools/import-law.ts';
import { readRepositoryFile, repository } from '../support/repository.ts';

const architecture = readRepositoryFile('ARCHITECTURE.md');

/** Direct sub-folders, as paths from the root; folders of fixtures and the like are nobody's room. */
function foldersOf(path: string): string[] {
  return readdirSync(join(repository, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${path}/${entry.name}`);
}

describe('ARCHITECTURE.md', () => {
  it.each([...foldersOf('src'), ...foldersOf('src/engine'), ...foldersOf('src/detect')])('tells what lives in %s/', (folder) => {
    expect(architecture).toMatch(new RegExp(`^\\| .*\`${folder}/\``, 'm'));
  });

  it('shows the import table as the law has it', () => {
    const rows = [...architecture.matchAll(/^\| `([a-z]+)` \| ([^|]*) \|$/gm)].map(([, folder, allowed]) => [folder, allowed]);
    expect(rows).toEqual(Object.entries(mayImport).map(([folder, allowed]) => [folder, allowed.join(', ') || '(nothing)']));
  });

  it('names the pure folders', () => {
    expect(architecture).toContain(`pure folders (${pureFolders.map((folder) => `\`${folder}\``).join(', ')})`);
  });
});

const pages = globSync(['*.md', 'docs/**/*.md', 'samples/**/*.md', 'bench/*.md'], { cwd: repository });

describe('the documentation', () => {
  it.each(pages)('%s links only to what is there', (page) => {
    const links = [...readRepositoryFile(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      ([, target = '']) => target,
    );
    const dead = links.filter((target) => globSync(join(repository, page, '..', target)).length === 0);
    expect(dead).toEqual([]);
  });

  it.each(pages)('%s names only npm scripts that exist', (page) => {
    const { scripts } = JSON.parse(readRepositoryFile('package.json')) as { scripts: Record<string, string> };
    const named = [...readRepositoryFile(page).matchAll(/npm run ([a-z:-]+[a-z])/g)].map(([, script = '']) => script);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  it('justifies every dependency in docs/decisions/0003-libraries.md, and nothing else', () => {
    const manifest = JSON.parse(readRepositoryFile('package.json')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const justified = [...readRepositoryFile('docs/decisions/0003-libraries.md').matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
    expect(justified.toSorted()).toEqual(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).toSorted());
  });
});
