// A fake cloud whose world is a file, for demonstrations and for tests of whole commands: `--cloud fake:world.json`.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { VedetteError } from '../../base/errors.ts';
import { FakeCloud } from './fake-cloud.ts';
import { emptyWorld, type FakeWorld } from './fake-world.ts';

/** Reads the world; writes it after each change, so that the next process finds it. @throws {VedetteError} `cloud-config` */
export function openFake(path: string): FakeCloud {
  const name = `fake:${path}`;
  let world: FakeWorld;
  try {
    world = { ...emptyWorld(), ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<FakeWorld>) };
  } catch (cause) {
    const problem = `the world cannot be read (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new VedetteError('cloud-config', { cloud: name, problem }, { cause });
  }
  const onChange = (changed: FakeWorld): void => {
    writeFileSync(`${path}.new`, `${JSON.stringify(changed, undefined, 2)}\n`);
    renameSync(`${path}.new`, path);
  };
  return new FakeCloud(world, { name, onChange });
}
