import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsOf, machine, port, type Reading } from '../../../test/build/inventory.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { epochMicros } from '../../base/units.ts';
import type { InventoryEvent } from '../../model/inventory.ts';
import type { InventorySynced } from '../inventory-store.ts';
import { openInventoryStore } from './inventory-journal.ts';

removeTemporaryFolders();

const at = (seconds: number) => epochMicros(seconds * 1e6);
const file = (state: string): string => join(state, 'inventory/lab.ndjson');

async function sync(state: string, seconds: number, reading: Reading): Promise<InventorySynced> {
  const writer = openInventoryStore(state).openForWriting('lab');
  try {
    return await writer.sync(eventsOf(reading), at(seconds));
  } finally {
    writer.close();
  }
}

describe('the journal of an inventory', () => {
  it('gives back what was synced, also what is gone', async () => {
    const state = temporaryFolder();
    await sync(state, 10, { machines: [machine('a'), machine('b')] });
    await sync(state, 20, { machines: [machine('b', { status: 'PAUSED' })] });
    const { history, notes } = openInventoryStore(state).open('lab');
    expect(notes).toEqual([]);
    expect(history.versionsOf('machines', 'a')).toMatchObject([{ from: at(10), to: at(20) }]);
    expect(history.versionsOf('machines', 'b')).toMatchObject([
      { value: { status: 'ACTIVE' } },
      { value: { status: 'PAUSED' }, from: at(20) },
    ]);
    expect([history.firstReadAt, history.lastReadAt]).toEqual([at(10), at(20)]);
  });

  it('is NDJSON, and an unchanged reading adds one short line', async () => {
    const state = temporaryFolder();
    const reading = { machines: Array.from({ length: 500 }, (_, i) => machine(`m${i}`)) };
    await sync(state, 10, reading);
    const { appendedBytes, changed } = await sync(state, 20, reading);
    expect({ appendedBytes, changed }).toEqual({ appendedBytes: expect.any(Number), changed: 0 });
    expect(appendedBytes).toBeLessThan(100);
    for (const line of readFileSync(file(state), 'utf8').trim().split('\n'))
      expect(Object.keys(JSON.parse(line) as object)).toEqual(['crc', 'is']);
  });

  it('drops a reading that was not finished, says so, and goes on', async () => {
    const state = temporaryFolder();
    await sync(state, 10, { machines: [machine('a')] });
    const whole = statSync(file(state)).size;
    await sync(state, 20, { machines: [machine('b')] });
    const torn = readFileSync(file(state));
    for (let size = whole + 1; size < torn.length; size += 7) {
      writeFileSync(file(state), torn.subarray(0, size));
      const { history, notes } = openInventoryStore(state).open('lab');
      expect([...history.versions('machines')].map(({ value }) => value.id)).toEqual(['a']);
      expect(notes).toEqual([expect.stringContaining('not finished')]);
    }
    await sync(state, 30, { machines: [machine('c')] });
    const { history, notes } = openInventoryStore(state).open('lab');
    expect({ notes, at: history.lastReadAt }).toEqual({ notes: [], at: at(30) });
    expect(history.versionsOf('machines', 'b')).toEqual([]);
  });

  it('skips a damaged line in the middle and says so', async () => {
    const state = temporaryFolder();
    await sync(state, 10, { machines: [machine('a'), machine('b')] });
    const text = readFileSync(file(state), 'latin1');
    writeFileSync(file(state), text.replace('"name":"a"', '"name":"x"'), 'latin1');
    const { history, notes } = openInventoryStore(state).open('lab');
    expect(notes).toEqual([expect.stringContaining('1 damaged line was skipped')]);
    expect([...history.versions('machines')].map(({ value }) => value.id)).toEqual(['b']);
  });

  it('refuses what is no journal, or of another version', () => {
    const state = temporaryFolder();
    openInventoryStore(state).openForWriting('lab').close();
    writeFileSync(file(state), 'hello\n');
    expect(() => openInventoryStore(state).open('lab')).toThrow(/is no inventory journal/);
    expect(() => openInventoryStore(state).openForWriting('lab')).toThrow(/is no inventory journal/);
    expect(existsSync(`${file(state)}.lock`)).toBe(false);
  });

  it('begins anew where not even the first line was finished', async () => {
    const state = temporaryFolder();
    openInventoryStore(state).openForWriting('lab').close();
    truncateSync(file(state), 10);
    await sync(state, 10, { machines: [machine('a')] });
    expect(openInventoryStore(state).open('lab').notes).toEqual([]);
  });

  it('has one writer; what a dead one left is taken over', () => {
    const state = temporaryFolder();
    const writer = openInventoryStore(state).openForWriting('lab');
    expect(() => openInventoryStore(state).openForWriting('lab')).toThrow(`being written by another process (process ${process.pid})`);
    writer.close();
    writeFileSync(`${file(state)}.lock`, '999999999 1\n');
    openInventoryStore(state).openForWriting('lab').close();
  });

  it('keeps the last known state when the cloud breaks off', async () => {
    const state = temporaryFolder();
    await sync(state, 10, { machines: [machine('a')] });
    async function* broken(): AsyncGenerator<InventoryEvent> {
      yield* eventsOf({ machines: [machine('b')] });
      throw new Error('gone');
    }
    const writer = openInventoryStore(state).openForWriting('lab');
    await expect(writer.sync(broken(), at(20))).rejects.toThrow('gone');
    writer.close();
    const { history, notes } = openInventoryStore(state).open('lab');
    expect([[...history.versions('machines')].map(({ value }) => value.id), history.lastReadAt, notes]).toEqual([['a'], at(10), []]);
  });

  it('keeps readings in order when the clock goes back', async () => {
    const state = temporaryFolder();
    await sync(state, 10, { machines: [machine('a')] });
    const { reading } = await sync(state, 5, { machines: [machine('b')] });
    expect(reading.at).toBe(at(10) + 1);
  });

  it('names files after clouds and never leaves its directory', () => {
    const state = temporaryFolder();
    const store = openInventoryStore(state);
    for (const cloud of ['../../etc/x', 'my cloud', 'a.b', 'ø']) store.openForWriting(cloud).close();
    expect(store.clouds()).toEqual(['../../etc/x', 'a.b', 'my cloud', 'ø']);
    expect(() => store.open('other')).toThrow(/holds no inventory of other \(only of/);
  });

  it('forgets what ended before the retention when it has grown, and nothing else', async () => {
    const state = temporaryFolder();
    const writer = openInventoryStore(state).openForWriting('lab', { keepMicros: 1000e6 });
    const pad = 'x'.repeat(20_000);
    let compactions = 0;
    for (let i = 1; i <= 400; i++) {
      const reading = {
        machines: [machine('kept'), machine('busy', { metadata: { pad, i: String(i) } })],
        ports: [port('p', 'n', ['10.0.0.1'], 'kept')],
      };
      compactions += (await writer.sync(eventsOf(reading), at(100 * i))).compacted ? 1 : 0;
    }
    expect(compactions).toBeGreaterThan(0);
    expect(writer.bytes).toBe(statSync(file(state)).size);
    writer.close();
    const { history } = openInventoryStore(state).open('lab');
    expect(history.versionsOf('machines', 'kept')).toMatchObject([{ from: at(100) }]);
    expect(history.versionsOf('machines', 'busy').at(-1)).toMatchObject({ from: at(40_000) });
    expect(history.versionsOf('machines', 'busy').length).toBeLessThan(400);
    appendFileSync(file(state), 'torn');
    expect(openInventoryStore(state).open('lab').notes).toHaveLength(1);
  });
});
