import { describe, expect, it } from 'vitest';
import { readTime } from './asn1-time.ts';
import { DerReader, integerBits, integerDecimal, integerHex } from './der.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** The text as the content of an element with this tag. */
function element(tag: number, text: string): DerReader {
  const reader = new DerReader(bytes(tag, text.length, ...new TextEncoder().encode(text)), 0, text.length + 2);
  reader.next();
  return reader;
}

describe('DerReader', () => {
  it('reads short and long lengths', () => {
    const reader = new DerReader(bytes(0x02, 1, 5, 0x04, 0x81, 2, 9, 9), 0, 8);
    expect([reader.next(), reader.tag, reader.length]).toEqual([true, 2, 1]);
    expect([reader.next(), reader.tag, reader.length, reader.atEnd]).toEqual([true, 4, 2, true]);
    expect(reader.next()).toBe(false);
  });

  it('refuses lengths beyond the end, of five bytes, and the indefinite form', () => {
    for (const head of [
      [0x30, 5, 0],
      [0x30, 0x85, 0, 0, 0, 0, 0],
      [0x30, 0x80, 0, 0],
    ]) {
      expect(new DerReader(bytes(...head), 0, head.length).next()).toBe(false);
    }
  });

  it('spells object identifiers', () => {
    const reader = new DerReader(bytes(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), 0, 11);
    reader.next();
    expect(reader.objectIdentifier()).toBe('1.2.840.113549.1.1.11');
  });
});

describe('integers', () => {
  it('print as OpenSSL does', () => {
    expect(integerHex(bytes(0, 0xff), 0, 2)).toBe('FF');
    expect(integerHex(bytes(0), 0, 1)).toBe('00');
    expect(integerHex(bytes(0xff), 0, 1)).toBe('-01');
    expect(integerHex(bytes(0x80, 0), 0, 2)).toBe('-8000');
    expect(integerDecimal(bytes(1, 0, 1), 0, 3)).toBe('65537');
    expect(integerBits(bytes(0, 0x80, 0), 0, 3)).toBe(16);
  });
});

describe('readTime', () => {
  it('reads UTCTime around its turn of the century', () => {
    expect(readTime(element(0x17, '491231235959Z'))).toBe(Date.UTC(2049, 11, 31, 23, 59, 59) * 1000);
    expect(readTime(element(0x17, '500101000000Z'))).toBe(Date.UTC(1950, 0, 1) * 1000);
  });

  it('reads GeneralizedTime with fractions and zones', () => {
    expect(readTime(element(0x18, '20260228120000.5Z'))).toBe(Date.UTC(2026, 1, 28, 12) * 1000);
    expect(readTime(element(0x18, '20260228120000+0130'))).toBe(Date.UTC(2026, 1, 28, 10, 30) * 1000);
  });

  it('gives zero for anything else', () => {
    expect(readTime(element(0x17, 'yesterday at ten'))).toBe(0);
    expect(readTime(element(0x04, '491231235959Z'))).toBe(0);
  });
});
