// The import law in one table. .dependency-cruiser.cjs makes the rules from it, tools/check-law.ts checks them, and
// ARCHITECTURE.md shows the same table (compared by test/house/architecture.test.ts).

/** Which folder of src/ may import which. A folder may always import itself; anything not listed is forbidden. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ['base'],
  engine: ['base', 'model'],
  detect: ['base', 'model'],
  attribute: ['base', 'model'],
  report: ['base', 'model'],
  platform: ['base', 'engine'],
  disk: ['base'],
  host: ['base', 'model'],
  cloud: ['base', 'model'],
  store: ['base', 'model', 'disk'],
  evidence: ['base', 'model', 'disk'],
  notify: ['base', 'model'],
  capture: ['base', 'model', 'host'],
  exposure: ['base', 'model', 'host'],
  audit: ['base', 'model', 'host'],
  response: ['base', 'model', 'disk', 'cloud', 'host', 'store', 'evidence'],
  config: ['base', 'model'],
  workflows: [
    ...['base', 'model', 'config', 'engine', 'detect', 'attribute', 'report'],
    ...['host', 'cloud', 'store', 'evidence', 'notify', 'capture', 'exposure', 'audit', 'response'],
  ],
  api: ['base', 'model', 'config', 'workflows'],
  cli: ['base', 'model', 'config', 'workflows'],
};

/** Folders that use no Node API and no package, read no clock and draw no random number. */
export const pureFolders: readonly string[] = ['base', 'model', 'engine', 'detect', 'attribute', 'report'];

/** Folders whose top files are ports (and what adapters share), and whose sub-folders are adapters. */
export const portFolders: readonly string[] = ['capture', 'host', 'cloud', 'exposure', 'store', 'evidence', 'notify'];
