// Writes docs/reference/ from the code. `npm run docs`; test/house/reference.test.ts fails when a page is stale.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { referencePages } from './reference/pages.ts';

const root = resolve(import.meta.dirname, '..');
for (const [path, text] of Object.entries(referencePages())) {
  mkdirSync(dirname(resolve(root, path)), { recursive: true });
  writeFileSync(resolve(root, path), text);
  process.stdout.write(`${path}\n`);
}
