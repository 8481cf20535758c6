// Writes a new protocol analyzer with its record, both in their lists, with a test that passes. `npm run new-analyzer -- modbus`

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addToList, fillTemplate, RefusedError, runGenerator, spellings } from './scaffold.ts';

runGenerator('npm run new-analyzer -- name_of_the_service', /^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/, (name, root) => {
  const folder = join(root, 'src/engine/analyzers', name);
  if (existsSync(folder)) throw new RefusedError(`${folder} exists; choose another name`);
  const values = spellings(name);
  const { camel, kebab, log } = values;
  const records = join(root, 'src/model/records');
  const written = [...fillTemplate('record', records, values), ...fillTemplate('analyzer', folder, values)];
  const analyzerList = join(root, 'src/engine/analyzers/index.ts');
  addToList({
    path: analyzerList,
    opening: /export const analyzers\b[^=]*= \[/,
    importLine: `import { ${camel} } from './${name}/${kebab}.ts';`,
    entry: camel,
    at: 'end',
  });
  const recordList = join(records, 'index.ts');
  addToList({
    path: recordList,
    opening: /export const recordTypes = \{/,
    importLine: `import { ${camel} } from './${kebab}.ts';`,
    entry: log === camel ? camel : `${log}: ${camel}`,
    at: 'end',
  });
  return [...written, analyzerList, recordList];
});
