import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeOptions } from '../../bench/competitors.ts';

test('what is measured runs with the options that the launcher gives', () => {
  const launcher = readFileSync(new URL('../../vedette', import.meta.url), 'utf8');
  expect(/^exec "\$node" (.*) "\$dist\/main\.js"/m.exec(launcher)?.[1]?.split(' ')).toEqual(nodeOptions);
});
