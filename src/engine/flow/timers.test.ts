import { expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { HistoryBook } from './history.ts';
import { TimerWheel } from './timers.ts';

const { empty } = new HistoryBook();
const start = 1.7e15;
const second = 1e6;

function connection(id: number): Connection {
  const made = new Connection(id, empty);
  made.begin(0, false, -1, -1, start);
  return made;
}

/** Ids that the wheel hands out up to a moment. */
function due(wheel: TimerWheel, at: number): number[] {
  const ids: number[] = [];
  if (wheel.isDue(at)) wheel.advance(at, (one) => ids.push(one.id));
  return ids.sort((a, b) => a - b);
}

test('hands out what is due, at most two seconds late, and never early', () => {
  const wheel = new TimerWheel();
  for (let i = 0; i < 100; i++) wheel.schedule(connection(i), start + i * 0.25 * second);
  const seen: number[] = [];
  for (let at = start; at < start + 40 * second; at += 0.1 * second) {
    for (const id of due(wheel, at)) {
      seen.push(id);
      expect(at).toBeGreaterThanOrEqual(start + id * 0.25 * second);
      expect(at).toBeLessThan(start + (id * 0.25 + 2.2) * second);
    }
  }
  expect(seen).toHaveLength(100);
});

test('follows a connection that is scheduled anew, and forgets a cancelled one', () => {
  const wheel = new TimerWheel();
  const [a, b] = [connection(1), connection(2)];
  wheel.schedule(a, start + 5 * second);
  wheel.schedule(b, start + 5 * second);
  wheel.schedule(a, start + 100 * second);
  wheel.cancel(b);
  expect(due(wheel, start + 50 * second)).toEqual([]);
  expect(due(wheel, start + 103 * second)).toEqual([1]);
});

test('an hour lies beyond the wheel: it is looked at before, to be scheduled again', () => {
  const wheel = new TimerWheel();
  const patient = connection(1);
  const end = start + 3600 * second;
  let looks = 0;
  wheel.schedule(patient, end);
  for (let at = start; at < end + 3 * second; at += second) {
    if (!wheel.isDue(at)) continue;
    wheel.advance(at, (one) => {
      looks++;
      if (at < end) wheel.schedule(one, end);
    });
  }
  expect(looks).toBeGreaterThan(3);
  expect(patient.slot).toBe(-1);
});

test('a pause longer than the wheel and a step back lose nobody', () => {
  const wheel = new TimerWheel();
  wheel.schedule(connection(1), start + 5 * second);
  wheel.schedule(connection(2), start + 400 * second);
  expect(due(wheel, start + 90_000 * second)).toEqual([1, 2]);
  wheel.schedule(connection(3), start + 90_010 * second);
  due(wheel, start);
  const later: number[] = [];
  for (let at = start; at < start + 600 * second; at += second) later.push(...due(wheel, at));
  expect(later).toEqual([3]);
});
