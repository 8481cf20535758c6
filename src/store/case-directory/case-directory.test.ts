import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../../test/support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { CaseEvent } from '../../model/case.ts';
import { openCaseDirectory } from './case-directory.ts';

removeTemporaryFolders();

const by = { who: 'ines', host: 'net-1', at: '2026-11-29T10:00:00.000Z' };
const created: CaseEvent & { event: 'created' } = {
  ...{ event: 'created', title: 'Reverse shell on 10.0.1.12', findings: ['D31-1'], subjects: [{ address: '10.0.1.12' }] },
  ...{ from: '/tmp/x', findingsSha256: '00' },
};

describe('a store of cases', () => {
  it('numbers them, keeps their files, and is for its owner alone', async () => {
    const state = temporaryFolder();
    const store = openCaseDirectory(state);
    expect(await store.list()).toEqual([]);
    const one = await store.create({ ...created, ...by }, { 'run.json': '{}' });
    const two = await store.create({ ...created, ...by }, {});
    expect([one.id, two.id]).toEqual(['case-2026-001', 'case-2026-002']);
    expect(await store.file(one.id, 'run.json')).toBe('{}');
    expect(await store.file(two.id, 'run.json')).toBeUndefined();
    expect(one).toMatchObject({
      status: 'open',
      title: created.title,
      checklist: expect.arrayContaining([{ item: 'extent', state: 'open' }]),
    });
    expect(statSync(join(state, 'cases', one.id)).mode & 0o777).toBe(0o700);
    expect(statSync(join(state, 'cases', one.id, 'journal', '000001.json')).mode & 0o777).toBe(0o600);
    expect((await store.list()).map(({ id }) => id)).toEqual([one.id, two.id]);
  });

  it('folds events into the case', async () => {
    const store = openCaseDirectory(temporaryFolder());
    const { id } = await store.create({ ...created, ...by }, {});
    await store.append(id, () => ({ event: 'status', status: 'contained', ...by }));
    const after = await store.append(id, () => ({
      event: 'check',
      item: 'patch',
      state: 'done',
      note: 'image v7',
      due: '2026-12-01',
      ...by,
    }));
    expect(after.status).toBe('contained');
    expect(after.checklist.find(({ item }) => item === 'patch')).toMatchObject({ state: 'done', note: 'image v7', who: 'ines' });
    expect((await store.journal(id)).trimEnd().split('\n')).toHaveLength(3);
  });

  it.each(['case-2026-999', '../../etc', 'case-2026-001/../case-2026-002', ''])('has no case %j', async (id) => {
    const store = openCaseDirectory(temporaryFolder());
    await expect(store.get(id)).rejects.toMatchObject({ code: 'case-unknown' });
    await expect(store.append(id, () => ({ event: 'note', text: 'x', ...by }))).rejects.toMatchObject({ code: 'case-unknown' });
  });

  it('refuses a journal that somebody changed', async () => {
    const state = temporaryFolder();
    const store = openCaseDirectory(state);
    const { id } = await store.create({ ...created, ...by }, {});
    await store.append(id, () => ({ event: 'note', text: 'nothing found', ...by }));
    const entry = join(state, 'cases', id, 'journal', '000001.json');
    writeFileSync(entry, readFileSync(entry, 'utf8').replace('Reverse', 'Harmless'));
    await expect(store.get(id)).rejects.toMatchObject({ code: 'case-damaged', kind: 'refused' });
  });

  it('loses nothing when many write at once, and decides on what is there', async () => {
    const state = temporaryFolder();
    const store = openCaseDirectory(state);
    const { id } = await store.create({ ...created, ...by }, {});
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        store.append(id, ({ events }) => ({ event: 'note', text: `${i} after ${events.length}`, ...by })),
      ),
    );
    const { events } = await store.get(id);
    const notes = events.flatMap((event) => (event.event === 'note' ? [event.text] : []));
    expect(notes.map((text) => Number(text.split(' ')[0])).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(notes.map((text) => Number(text.split(' ')[2]))).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it('loses nothing when processes write, and one is killed', async () => {
    const state = temporaryFolder();
    const { id } = await openCaseDirectory(state).create({ ...created, ...by }, {});
    const writer = `
      const { openCaseDirectory } = await import(${JSON.stringify(join(repository, 'src/store/case-directory/case-directory.ts'))});
      const store = openCaseDirectory(${JSON.stringify(state)});
      for (let i = 0; i < 20; i++) await store.append(${JSON.stringify(id)}, () => ({ event: 'note', text: process.argv[1] + i, who: 'w', host: 'h', at: 'now' }));
    `;
    const run = (name: string): Promise<void> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', writer, name], { stdio: 'ignore' });
        child.on('exit', () => resolve());
        if (name === 'killed') setTimeout(() => child.kill('SIGKILL'), 300);
      });
    await Promise.all(['a', 'b', 'killed'].map(run));
    const { events } = await openCaseDirectory(state).get(id);
    const texts = events.flatMap((event) => (event.event === 'note' ? [event.text] : []));
    for (const name of ['a', 'b']) expect(texts.filter((text) => new RegExp(`^${name}\\d`).test(text))).toHaveLength(20);
    expect(readdirSync(join(state, 'cases', id, 'journal')).filter((name) => name.endsWith('.json'))).toHaveLength(events.length);
  });
});
