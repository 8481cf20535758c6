// The rules of the import law, made from the table in tools/import-law.ts. Each says in its comment what to do instead.
// Checked by `npm run check:law` (tools/check-law.ts), explained in ARCHITECTURE.md.

const { mayImport, pureFolders, portFolders } = require('./tools/import-law.ts');

/** Where adapters are chosen: the composition root (and its parts, compose-*.ts), and the workers that it starts. */
const compositionRoots = '^src/(compose[a-z-]*|[^/]+-worker)[.]ts$';

const test = '[.]test[.]ts$';
const node = { dependencyTypes: ['core'] };
const packages = { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'] };
const anyOf = (folders) => `(${folders.join('|')})`;

const layers = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `layer-${folder}`,
  comment: `src/${folder} may import only: ${[folder, ...allowed].join(', ')}. Pass what it needs as an argument, or move the code.`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: test },
  to: { path: '^(src|web)/', pathNot: `^src/${anyOf([folder, ...allowed])}/` },
}));

const strangers = (name, folder, advice) => ({
  name,
  comment: `One folder of ${folder} must not know another: ${advice}.`,
  severity: 'error',
  from: { path: `^${folder}/([^/]+)/`, pathNot: test },
  to: { path: `^${folder}/[^/]+/`, pathNot: `^${folder}/$1/` },
});

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'every-folder-has-a-layer',
      comment:
        'A folder under src/ that the table does not list: decide what it may import, and add it to the table and to ARCHITECTURE.md.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/${anyOf(Object.keys(mayImport))}/` },
      to: {},
    },
    ...[node, packages].map((to) => ({
      name: 'pure-core',
      comment: `src/${anyOf(pureFolders)} use no Node API and no package: declare a port (see src/engine/platform.ts) and implement it in an adapter.`,
      severity: 'error',
      from: { path: `^src/${anyOf(pureFolders)}/`, pathNot: test },
      to,
    })),
    {
      name: 'platform-only-in-compose',
      comment: 'src/platform implements engine/platform.ts for Node: take a Platform as an argument; compose.ts passes it.',
      severity: 'error',
      from: { path: '^src/', pathNot: [compositionRoots, '^src/platform/', test] },
      to: { path: '^src/platform/' },
    },
    {
      name: 'adapters-only-in-compose',
      comment: 'Take the port as an argument; src/compose.ts is the only file that chooses adapters.',
      severity: 'error',
      from: { path: '^src/', pathNot: [compositionRoots, `^src/${anyOf(portFolders)}/`, test] },
      to: { path: `^src/${anyOf(portFolders)}/[^/]+/` },
    },
    {
      name: 'ports-do-not-know-adapters',
      comment: 'A top file of a port folder describes what adapters do; it must not import one. Move the choice to compose.ts.',
      severity: 'error',
      from: { path: `^src/${anyOf(portFolders)}/[^/]+[.]ts$`, pathNot: test },
      to: { path: `^src/${anyOf(portFolders)}/[^/]+/` },
    },
    ...portFolders.map((folder) =>
      strangers(`${folder}-adapters-are-strangers`, `src/${folder}`, 'lift what they share to a file at the top of the port folder'),
    ),
    {
      name: 'adapters-are-strangers',
      comment: 'An adapter of one port must not import an adapter of another: take its port as an argument.',
      severity: 'error',
      from: { path: `^src/${anyOf(portFolders)}/[^/]+/`, pathNot: test },
      to: { path: `^src/${anyOf(portFolders)}/[^/]+/`, pathNot: '^src/$1/' },
    },
    strangers('analyzers-are-strangers', 'src/engine/analyzers', 'lift what they share to src/engine or to a file beside analyzer.ts'),
    strangers('detectors-are-strangers', 'src/detect/detectors', 'lift what they share to src/detect/stats or beside detector.ts'),
    {
      name: 'processes-only-in-host',
      comment: 'Only src/host/spawn starts programs (allow-list, time-out, bounded output): take a CommandRunner as an argument.',
      severity: 'error',
      from: { path: '^(src|web)/', pathNot: ['^src/host/spawn/', test] },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'main-is-thin',
      comment: 'main.ts reads the arguments and calls cli and compose; anything more belongs there.',
      severity: 'error',
      from: { path: '^src/main[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/cli/', '^src/compose[.]ts$'] },
    },
    {
      name: 'web-sees-only-the-contract',
      comment: 'The console knows the server by src/api/contract.ts, and the words of src/base and src/model; nothing else.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/', pathNot: '^src/(base/|model/|api/contract[.]ts$)' },
    },
    {
      name: 'web-no-node',
      comment: 'The console runs in a browser: there is no Node there.',
      severity: 'error',
      from: { path: '^web/', pathNot: test },
      to: node,
    },
    {
      name: 'no-cycles',
      // Types alone may refer to each other (a session knows its connection's type and the other way round): nothing is run.
      comment: 'Files that import each other are one file in pieces: take out what both need.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'This file is connected to nothing: add it to the list it belongs to (index.ts, compose.ts), or delete it.',
      severity: 'error',
      from: { orphan: true, pathNot: [test, '^src/main[.]ts$', compositionRoots, '[.]d[.]ts$'] },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'This import leads nowhere: mend the path, or add the package to package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-test-imports',
      comment: 'The program must not need its tests: move what it uses out of test/ and out of *.test.ts.',
      severity: 'error',
      from: { path: '^(src|web)/', pathNot: test },
      to: { path: ['^test/', test] },
    },
  ],
  options: {
    // Without this, imports of types alone go unseen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)fixtures/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.d.ts', '.js', '.json'],
    },
  },
};
