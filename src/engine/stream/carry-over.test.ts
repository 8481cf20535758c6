import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Bytes, bytesOfLatin1 } from '../../base/bytes.ts';
import { CarryOver } from './carry-over.ts';

it('looks into the given buffer itself while nothing is left over', () => {
  const carry = new CarryOver(10);
  const bytes = bytesOfLatin1('abc');
  carry.open(bytes, 1, 3);
  expect([carry.bytes, carry.position, carry.end]).toEqual([bytes, 1, 3]);
});

it('gives messages of any length whole, however the stream is cut', () => {
  const messages = fc.array(fc.string({ minLength: 1, maxLength: 30 }).map((text) => text.replaceAll('\n', ' ').replace(/[^ -~]/g, '?')));
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (expected, sizes) => {
      const stream = expected.map((text) => `${text}\n`).join('');
      const carry = new CarryOver(64);
      const got: string[] = [];
      let turn = 0;
      for (let i = 0; i < stream.length; ) {
        const size = sizes[turn++ % sizes.length] ?? 1;
        // A buffer of its own, overwritten afterwards as the capture's buffer is.
        const piece = bytesOfLatin1(stream.slice(i, i + size));
        i += size;
        carry.open(piece, 0, piece.u8.length);
        for (;;) {
          const stop = carry.bytes.u8.indexOf(10, carry.position);
          if (stop < 0 || stop >= carry.end) break;
          got.push(carry.bytes.latin1(carry.position, stop));
          carry.position = stop + 1;
        }
        expect(carry.close()).toBe(true);
        piece.u8.fill(0);
      }
      expect(got).toEqual(expected);
    }),
  );
});

it('drops what is longer than its limit, says so, and goes on', () => {
  const carry = new CarryOver(4);
  const feed = (text: string): boolean => {
    const bytes = bytesOfLatin1(text);
    carry.open(bytes, 0, bytes.u8.length);
    return carry.close();
  };
  expect(feed('abc')).toBe(true);
  expect(carry.waiting).toBe(3);
  expect(feed('de')).toBe(false);
  expect(carry.waiting).toBe(0);
  expect(feed('fg')).toBe(true);
});

it('keeps a part of its own leftover', () => {
  const carry = new CarryOver(100);
  carry.open(bytesOfLatin1('abcdef'), 0, 6);
  carry.close();
  carry.open(new Bytes(new Uint8Array(0)), 0, 0);
  carry.position += 4;
  carry.close();
  carry.open(bytesOfLatin1('gh'), 0, 2);
  expect(carry.bytes.latin1(carry.position, carry.end)).toBe('efgh');
});
