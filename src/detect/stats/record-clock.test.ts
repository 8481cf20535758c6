import { describe, expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';
import { day, hour, RecordClock } from './record-clock.ts';

const begin = 1.7e15;
const at = (seconds: number): number => begin + seconds * 1e6;

describe('the clock of a run', () => {
  test('runs with the newest row, never back, and asks for a look once a minute', () => {
    const clock = new RecordClock();
    expect([0, 30, 61, 20, 100, 121.5].map((seconds) => clock.move(at(seconds)))).toEqual([false, false, true, false, false, true]);
    expect(clock.seconds).toBe(121);
  });

  test('does not believe a wrong time, and follows when all agree, without counting the leap', () => {
    const clock = new RecordClock();
    clock.move(at(0));
    clock.move(at(400 * day));
    clock.move(at(10));
    expect(clock.seconds).toBe(10);
    for (let i = 0; i < 100; i++) clock.move(at(500 * day + i));
    clock.move(at(500 * day + 119));
    expect(clock.seconds).toBe(10 + 20);
    clock.move(Number.NaN);
    expect(clock.seconds).toBe(30);
  });
});

describe('a map that forgets', () => {
  test('lets go what nobody used for long, says its last word about it, and keeps the spare ones', () => {
    const clock = new RecordClock();
    const gone: number[] = [];
    const map = new BoundedMap<string, number>(100, { afterSeconds: hour, spare: 2, onForget: (value) => gone.push(value) }, clock);
    clock.move(at(0));
    for (let i = 0; i < 6; i++) map.set(`k${i}`, i);
    clock.move(at(hour / 2));
    map.get('k1');
    clock.move(at(hour + 1));
    map.forgetOld();
    expect(gone).toEqual([0, 2, 3, 4]);
    clock.move(at(10 * hour));
    map.forgetOld();
    expect([...map.values()]).toEqual([5, 1]);
    expect(map.evicted).toBe(0);
  });

  test('says its last word about what is in the way, too', () => {
    const gone: number[] = [];
    const map = new BoundedMap<string, number>(1, { afterSeconds: hour, onForget: (value) => gone.push(value) }, new RecordClock());
    map.set('a', 1);
    map.set('b', 2);
    expect([gone, map.evicted]).toEqual([[1], 1]);
  });
});
