import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Attributor } from '../../src/attribute/attributor.ts';
import { epochMicros } from '../../src/base/units.ts';
import type { Machine, Port } from '../../src/model/inventory.ts';
import { openInventoryStore } from '../../src/store/inventory-journal/inventory-journal.ts';
import { eventsOf, machine, network, port } from '../build/inventory.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const machines = 2500;
const readings = 100;
const uuid = (kind: number, i: number): string =>
  `${kind}${i.toString(16).padStart(7, '0')}-0000-4000-8000-${i.toString(16).padStart(12, '0')}`;
const addressOf = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
const portOf = (i: number): Port =>
  port(uuid(2, i), `net-${i % 50}`, [addressOf(i)], uuid(1, i >> 1), {
    mac: `fa:16:3e:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
  });
const machineOf = (i: number): Machine => machine(uuid(1, i), { name: `vm-${i}`, host: `node-${i % 40}`, metadata: { role: 'web' } });

const list = {
  machines: Array.from({ length: machines }, (_, i) => machineOf(i)),
  ports: Array.from({ length: 2 * machines }, (_, i) => portOf(i)),
};
const networks = Array.from({ length: 50 }, (_, i) => network(`net-${i}`, { segments: [{ type: 'vxlan', number: i }] }));

/** Another 1 %: 50 ports get other addresses, 25 machines another status. */
function change(reading: number): void {
  for (let k = 0; k < 50; k++) {
    const i = (reading * 50 + k) % (2 * machines);
    list.ports[i] = { ...portOf(i), fixed: [{ address: addressOf(i + 100_000 * (reading % 2)) }] };
    if (k % 2 === 0) list.machines[i >> 1] = { ...machineOf(i >> 1), status: reading % 2 === 0 ? 'ACTIVE' : 'SHUTOFF' };
  }
}

const microsOf = async (work: () => Promise<void> | void): Promise<number> => {
  const started = performance.now();
  await work();
  return Math.round((performance.now() - started) * 1000);
};

/** How many of these questions name somebody. */
function ask(attributor: Attributor, questions: number): number {
  let named = 0;
  for (let i = 0; i < questions; i++) {
    const query = { at: epochMicros((1 + (i % 99)) * 60e6), address: addressOf(i % (2 * machines)), context: `vxlan:${i % 50}` };
    named += attributor.attribute(query).candidates.length > 0 ? 1 : 0;
  }
  return named;
}

describe('the inventory of 2 500 machines and 5 000 ports, read 100 times with 1 % changed', () => {
  it('grows with changes, not with readings, and answers thousands of questions', async () => {
    const state = temporaryFolder();
    const writer = openInventoryStore(state).openForWriting('big');
    let first = 0;
    const syncMicros = await microsOf(async () => {
      for (let reading = 0; reading < readings; reading++) {
        if (reading > 0) change(reading);
        const { appendedBytes } = await writer.sync(eventsOf({ networks, ...list }), epochMicros((reading + 1) * 60e6));
        if (reading === 0) first = appendedBytes;
      }
    });
    writer.close();
    const size = statSync(join(state, 'inventory/big.ndjson')).size;
    // 1 % of the cloud in each of 99 readings: no more than the whole cloud once more, and lines of readings.
    expect(size).toBeLessThan(3 * first);
    let opened = openInventoryStore(state).open('big');
    const loadMicros = await microsOf(() => {
      opened = openInventoryStore(state).open('big');
    });
    expect(opened.versions).toBeLessThan(7550 + 99 * 76);
    let attributor = new Attributor(opened.history);
    const indexMicros = await microsOf(() => {
      attributor = new Attributor(opened.history);
    });
    let named = 0;
    const askMicros = await microsOf(() => {
      named = ask(attributor, 20_000);
    });
    expect(named).toBeGreaterThan(14_000);
    const { rss, heapUsed } = process.memoryUsage();
    const figures = { syncMicros, first, size, versions: opened.versions, loadMicros, indexMicros, askMicros, rss, heapUsed };
    if (process.env['VEDETTE_FIGURES']) process.stderr.write(`${JSON.stringify(figures)}\n`);
  }, 120_000);
});
