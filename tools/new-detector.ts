// Writes a new detector that compiles, is in the list and passes its test. `npm run new-detector -- D53-my-finding`

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addToList, fillTemplate, RefusedError, runGenerator, spellings } from './scaffold.ts';

runGenerator('npm run new-detector -- D53-name-with-dashes', /^D\d\d-[a-z][a-z0-9]*(-[a-z0-9]+)*$/, (id, root) => {
  const name = id.slice('Dnn-'.length);
  const folder = join(root, 'src/detect/detectors', name);
  if (existsSync(folder)) throw new RefusedError(`${folder} exists; choose another name`);
  const { camel } = spellings(name);
  const words = name.replaceAll('-', ' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const written = fillTemplate('detector', folder, { id, name, kebab: name, camel, title, number: id.slice(0, 'Dnn'.length) });
  const list = join(root, 'src/detect/detectors/index.ts');
  addToList({
    path: list,
    opening: /export const detectors\b[^=]*= \[/,
    importLine: `import { ${camel} } from './${name}/${name}.ts';`,
    entry: camel,
    at: 'start',
  });
  return [...written, list];
});
