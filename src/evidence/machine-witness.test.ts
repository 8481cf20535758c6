import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { evidenceCloud } from '../../test/build/evidence-cloud.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/temporary-folder.ts';
import { createBundleDirectory } from './bundle-directory/directory-writer.ts';
import { collectTestimony } from './machine-witness.ts';
import { Collection } from './seal-bundle.ts';

removeTemporaryFolders();

async function testimony(
  failing: readonly string[],
  machine = 'm-1',
): Promise<{ files: Map<string, string>; gaps: readonly { what: string }[] }> {
  const path = join(temporaryFolder(), 'bundle');
  const collection = new Collection(await createBundleDirectory(path), { who: 'ines', host: 'net-1' }, () => new Date());
  await collectTestimony(collection, evidenceCloud(failing), machine);
  await collection.seal('0.1.0', {}, undefined);
  const names = readdirSync(join(path, 'cloud'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = new Map(names.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]));
  return { files, gaps: collection.gaps };
}

it('keeps what the API says of a machine and each of its ports, without secrets of its owner', async () => {
  const { files, gaps } = await testimony([]);
  expect(gaps).toEqual([]);
  expect([...files.keys()].sort()).toEqual(
    ['console.log', 'diagnostics.json', 'events.json', 'port-p-1.json', 'port-p-2.json', 'server.json', 'state.json'].sort(),
  );
  expect([...files.values()].join()).not.toMatch(/hunter2|I2Nsb3Vk/);
  expect(JSON.parse(files.get('server.json') ?? '')).toMatchObject({ name: 'web-1', adminPass: { redacted: true, characters: 7 } });
  expect(files.get('console.log')).toBe('login: root\n');
});

it('goes on when the API refuses one thing, and names it', async () => {
  const { files, gaps } = await testimony(['consoleOutput', 'machineState']);
  expect(gaps.map(({ what }) => what)).toEqual(['console log of m-1', 'state of m-1']);
  expect(files.has('server.json')).toBe(true);
  expect(files.has('port-p-1.json')).toBe(false);
});

it('keeps names of machines from leading out of the bundle', async () => {
  const { files } = await testimony([], '../../../etc/cron.d/x');
  expect(files.has('server.json')).toBe(true);
});
