import { describe, expect, test } from 'vitest';
import { EndBook } from './end-book.ts';
import { RowEnds } from './row-ends.ts';

const newBook = (): EndBook =>
  new EndBook((name) => ({ isOurs: name.startsWith('10.'), isPublic: name.startsWith('203.'), isMulticast: name.startsWith('224.') }));

describe('the book of ends', () => {
  test('gives one number to each address of each context', () => {
    const book = newBook();
    const names = ['10.0.0.1', '10.0.0.2', '203.0.113.9'];
    const numbers = [undefined, 'vlan 7', 'vlan 8'].flatMap((context) => names.map((name) => book.numberOf(name, context)));
    expect(new Set(numbers).size).toBe(9);
    expect(numbers).not.toContain(0);
    expect(book.numberOf('10.0.0.1', '')).toBe(numbers[0]);
    expect(book.numberOf('10.0.0.1', 'vlan 7')).toBe(numbers[3]);
    expect(numbers.map((end) => book.isOurs(end))).toEqual([true, true, false, true, true, false, true, true, false]);
  });

  test('forgets what no map keeps, and keeps what one does', () => {
    const book = newBook();
    const map = book.newMap<string>(100);
    for (let i = 0; i < 400_000; i++) {
      const name = `host ${i}`;
      map.set(name, book.numberOf(name, undefined), book.numberOf(`peer ${i}`, 'a context'));
      book.tidy();
      expect(book.size).toBeLessThan(70_000);
    }
    for (const name of map.values()) {
      expect(map.peek(book.numberOf(name, undefined), book.numberOf(name.replace('host', 'peer'), 'a context'))).toBe(name);
    }
    expect(map.size).toBe(100);
  });

  test('gives a number away again only when nobody has it', () => {
    const book = newBook();
    const map = book.newMap<number>(1);
    const kept = book.numberOf('kept', undefined);
    map.set(1, kept);
    for (let i = 0; i < 300_000; i++) {
      expect(book.numberOf(`passes ${i}`, undefined)).not.toBe(kept);
      book.tidy();
    }
    expect(book.numberOf('kept', undefined)).toBe(kept);
  });
});

describe('the ends of a row', () => {
  const row = { 'id.orig_h': '10.0.0.7', 'id.resp_h': '203.0.113.9', 'id.resp_p': 443, proto: 'tcp' };

  test('are the same numbers in every row that names them, and others in another context', () => {
    const ends = new RowEnds(newBook());
    ends.begin(row);
    const { client, server, service } = ends;
    ends.begin({ ...row, 'id.orig_h': row['id.resp_h'], 'id.resp_h': row['id.orig_h'] });
    expect([ends.client, ends.server, ends.service]).toEqual([server, client, service]);
    ends.begin({ ...row, context: 'vlan 7' });
    expect(ends.client).not.toBe(client);
    expect(ends.other('10.0.0.7')).toBe(ends.client);
  });

  test('say what kind of address they are', () => {
    const ends = new RowEnds(newBook());
    ends.begin(row);
    expect([ends.isClientOurs, ends.isServerOurs, ends.isClientPublic, ends.isServerPublic]).toEqual([true, false, false, true]);
    ends.begin({ ...row, 'id.resp_h': '224.0.0.1' });
    expect(ends.isServerMulticast).toBe(true);
  });

  test('tell services apart by transport and port', () => {
    const ends = new RowEnds(newBook());
    const services = [row, { ...row, proto: 'udp' }, { ...row, 'id.resp_p': 80 }, { ...row, proto: 'something else' }].map((one) => {
      ends.begin(one);
      return ends.service;
    });
    expect(new Set(services).size).toBe(4);
  });

  test('are no trouble where a row has none', () => {
    const ends = new RowEnds(newBook());
    ends.begin({});
    expect(ends.client).toBe(ends.server);
    expect(ends.isServerMulticast).toBe(false);
  });
});
