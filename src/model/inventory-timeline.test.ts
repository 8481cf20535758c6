import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf, historyOf, machine, port, read } from '../../test/build/inventory.ts';
import { epochMicros } from '../base/units.ts';
import { versionsAt } from './inventory-at.ts';
import { InventoryTimeline } from './inventory-timeline.ts';

const at = (seconds: number) => epochMicros(seconds * 1e6);

describe('the timeline of a cloud', () => {
  it('keeps a version for each change and none for what stays', () => {
    const history = historyOf(
      [10, { machines: [machine('a')] }],
      [20, { machines: [machine('a')] }],
      [30, { machines: [machine('a', { status: 'SHUTOFF' })] }],
      [40, {}],
    );
    expect(history.versionsOf('machines', 'a')).toMatchObject([
      { value: { status: 'ACTIVE' }, from: at(10), to: at(30) },
      { value: { status: 'SHUTOFF' }, from: at(30), to: at(40) },
    ]);
    expect(history.versionCount).toBe(2);
  });

  it('takes lists in another order for the same', () => {
    const history = historyOf(
      [10, { machines: [machine('a', { tags: ['x', 'y'] })] }],
      [20, { machines: [machine('a', { tags: ['y', 'x'] })] }],
    );
    expect(history.versionCount).toBe(1);
  });

  it('never makes anything gone that a gap may hide', () => {
    const history = historyOf([10, { machines: [machine('a')], ports: [port('p', 'n', ['10.0.0.1'])] }]);
    read(history, 20, [{ event: 'gap', gap: { kind: 'machines', reason: 'failed', detail: 'no answer' } }]);
    read(history, 30, [
      { event: 'page', kind: 'machines', items: [] },
      { event: 'complete', kind: 'machines' },
      { event: 'gap', gap: { kind: 'machines', reason: 'own-project', detail: '' } },
    ]);
    expect(history.versionsOf('machines', 'a')).toMatchObject([{ from: at(10), unseenSince: at(30) }]);
    expect(history.versionsOf('machines', 'a')[0]?.to).toBeUndefined();
    // Ports were not read at all: they stay as well.
    expect(history.versionsOf('ports', 'p')[0]?.to).toBeUndefined();
    read(history, 40, eventsOf({ machines: [machine('a')] }));
    expect(history.versionsOf('machines', 'a')[0]?.unseenSince).toBeUndefined();
  });

  it('takes a reading of a few kinds for these alone', () => {
    const gap = { kind: 'machines', reason: 'failed', detail: 'no answer' } as const;
    const history = historyOf([10, { machines: [machine('a')], ports: [port('p', 'n', ['10.0.0.1']), port('q', 'n', ['10.0.0.2'])] }]);
    read(history, 20, [{ event: 'gap', gap }]);
    read(history, 30, [
      { event: 'page', kind: 'ports', items: [port('p', 'n', ['10.0.0.1'])] },
      { event: 'complete', kind: 'ports' },
    ]);
    expect(history.versionsOf('ports', 'q')[0]?.to).toBe(at(30));
    expect(history.versionsOf('machines', 'a')).toEqual([{ value: machine('a'), from: at(10) }]);
    // What was not known of machines is still not known, until they are read.
    expect(history.gaps).toEqual([gap]);
    read(history, 40, [{ event: 'complete', kind: 'machines' }]);
    expect(history.gaps).toEqual([]);
  });

  it('keeps the first and the last of a run of readings that changed nothing', () => {
    const history = historyOf(...Array.from({ length: 1000 }, (_, i) => [i + 1, { machines: [machine('a')] }] as const));
    expect(history.readings.map((reading) => reading.at)).toEqual([at(1), at(1000)]);
  });

  it('begins a new version when what was gone is there again', () => {
    const history = historyOf([10, { machines: [machine('a')] }], [20, {}], [30, { machines: [machine('a')] }]);
    expect(history.versionsOf('machines', 'a')).toMatchObject([{ from: at(10), to: at(20) }, { from: at(30) }]);
  });

  const states = fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('ACTIVE', 'SHUTOFF', 'PAUSED')), {
    minLength: 1,
    maxLength: 20,
  });
  const machinesOf = (state: Readonly<Record<string, string>>) => Object.entries(state).map(([id, status]) => machine(id, { status }));
  const shown = (timeline: InventoryTimeline, seconds: number) =>
    Object.fromEntries(versionsAt(timeline, 'machines', at(seconds)).map(({ value }) => [value.id, value.status]));

  it('tells at each reading exactly what that reading showed', () => {
    fc.assert(
      fc.property(states, (all) => {
        const history = historyOf(...all.map((state, i) => [10 * (i + 1), { machines: machinesOf(state) }] as const));
        for (const [i, state] of all.entries()) expect(shown(history, 10 * (i + 1))).toEqual({ ...state });
      }),
    );
  });

  it('tells the same after a replay, from the cut on', () => {
    fc.assert(
      fc.property(states, fc.nat(20), (all, cut) => {
        const history = historyOf(...all.map((state, i) => [10 * (i + 1), { machines: machinesOf(state) }] as const));
        const again = new InventoryTimeline('test');
        for (const entry of history.replay(at(10 * cut))) {
          if ('change' in entry) again.apply(entry);
          else again.close(entry);
        }
        for (const [i, state] of all.entries()) if (i + 1 >= cut) expect(shown(again, 10 * (i + 1))).toEqual({ ...state });
      }),
    );
  });
});
