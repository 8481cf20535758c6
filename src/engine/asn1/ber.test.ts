import { expect, it } from 'vitest';
import { hex } from '../../../test/build/run-session.ts';
import { bytesOfLatin1 } from '../../base/bytes.ts';
import { BerReader, berInteger } from './ber.ts';

const read = (digits: string): BerReader | undefined => {
  const bytes = bytesOfLatin1(hex(digits));
  const ber = new BerReader();
  return ber.read(bytes, 0, bytes.u8.length) ? ber : undefined;
};

it('reads short and long lengths', () => {
  expect(read('30 03 020105')).toMatchObject({ tag: 0x30, start: 2, end: 5 });
  expect(read('30 82 0100')).toMatchObject({ tag: 0x30, start: 4, end: 260 });
});

it('tells a cut header from one that is none', () => {
  const cut = new BerReader();
  expect(cut.read(bytesOfLatin1(hex('30 82 01')), 0, 3)).toBe(false);
  expect(cut.isCut).toBe(true);
  for (const digits of ['1f 81 01 00', '30 80 0000', '30 85 0000000001', '30 84 ffffffff']) {
    const bytes = bytesOfLatin1(hex(digits));
    expect(cut.read(bytes, 0, bytes.u8.length)).toBe(false);
    expect(cut.isCut).toBe(false);
  }
});

it('reads small numbers and refuses negative, empty and huge ones', () => {
  const value = (digits: string): number => berInteger(bytesOfLatin1(hex(digits)), 0, digits.length / 2);
  expect([value('05'), value('0100'), value('ff'), value(''), value('00112233445566')]).toEqual([5, 256, -1, -1, -1]);
});
