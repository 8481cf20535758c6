import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bytes, bytesOfLatin1, findLineEnd } from './bytes.ts';

const text = (...bytes: number[]): string => {
  const u8 = Uint8Array.from(bytes);
  return new Bytes(u8).text(0, u8.length);
};

describe('Bytes.text', () => {
  it('leaves printable ASCII alone', () => {
    expect(bytesOfLatin1('a b~').text(0, 4)).toBe('a b~');
  });

  it('keeps UTF-8 and escapes control characters within it', () => {
    expect(text(0xc3, 0xb3, 0x0a, 0x41)).toBe('ó\\x0aA');
  });

  it('escapes every byte above 7E of a text that is not UTF-8', () => {
    expect(text(0xd3, 0xbe, 0xff)).toBe('\\xd3\\xbe\\xff');
  });

  it('doubles backslashes and judges the pieces between them on their own', () => {
    expect(text(0xd3, 0xbe, 0x5c, 0xff, 0x5c)).toBe('Ӿ\\\\\\xff\\\\');
  });

  it('takes overlong forms, surrogates and cut sequences for no UTF-8', () => {
    expect(text(0xc0, 0x80)).toBe('\\xc0\\x80');
    expect(text(0xed, 0xa0, 0x80)).toBe('\\xed\\xa0\\x80');
    expect(text(0xe2, 0x82)).toBe('\\xe2\\x82');
  });

  it('reads only the given range', () => {
    const bytes = bytesOfLatin1('before|inside|after');
    expect(bytes.text(7, 13)).toBe('inside');
    expect(bytes.latin1(7, 13)).toBe('inside');
  });

  it('never lets a control character through, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (u8) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(new Bytes(u8).text(0, u8.length)).not.toMatch(/[\u0000-\u001f\u007f]/);
      }),
    );
  });

  it('says what a slow reading byte by byte says, wherever the text lies', () => {
    const printable = fc.uint8Array({ maxLength: 40, min: 0x1e, max: 0x80 });
    fc.assert(
      fc.property(printable, fc.nat(3), (u8, before) => {
        const bytes = new Bytes(Uint8Array.of(...new Array<number>(before).fill(1), ...u8, 1));
        const isPlain = u8.every((byte) => byte >= 0x20 && byte <= 0x7e && byte !== 0x5c);
        const end = before + u8.length;
        expect(bytes.text(before, end) === bytes.latin1(before, end)).toBe(isPlain || u8.length === 0);
      }),
    );
  });
});

describe('findLineEnd', () => {
  it('finds the first one in long ranges, too', () => {
    const places = fc.array(fc.record({ at: fc.nat(999), byte: fc.constantFrom(10, 13) }), { maxLength: 4 });
    fc.assert(
      fc.property(places, fc.nat(400), fc.nat(300), (marks, from, left) => {
        const u8 = new Uint8Array(1000).fill(0x41);
        for (const { at, byte } of marks) u8[at] = byte;
        const end = u8.length - left;
        const found = u8.findIndex((byte, i) => i >= from && i < end && byte !== 0x41);
        expect(findLineEnd(new Bytes(u8), from, end)).toBe(found < 0 ? end : found);
      }),
    );
  });

  it('finds the first CR or LF in the range, or its end', () => {
    const bytes = fc.uint8Array({ maxLength: 40, max: 0x8e });
    fc.assert(
      fc.property(bytes, fc.nat(8), fc.nat(8), (u8, start, left) => {
        const from = Math.min(start, u8.length);
        const end = Math.max(from, u8.length - left);
        const found = u8.findIndex((byte, i) => i >= from && i < end && (byte === 10 || byte === 13));
        expect(findLineEnd(new Bytes(u8), from, end)).toBe(found < 0 ? end : found);
      }),
    );
  });
});
