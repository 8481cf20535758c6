import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowBytes } from './row-bytes.ts';

const printed = (print: (out: RowBytes) => void): string => {
  const out = new RowBytes();
  print(out);
  return Buffer.from(out.bytes).toString('utf8');
};

test('prints numbers as JavaScript does', () => {
  fc.assert(fc.property(fc.oneof(fc.double(), fc.maxSafeInteger()), (value) => printed((out) => out.number(value)) === String(value)));
});

test('prints microseconds as seconds with six decimals', () => {
  expect(printed((out) => out.micros(1_678_048_721_000_001))).toBe('1678048721.000001');
  expect(printed((out) => out.micros(0))).toBe('0.000000');
  expect(printed((out) => out.micros(-1_500_000))).toBe('-1.500000');
  // The last second that a certificate can name is beyond 2^53 microseconds.
  expect(printed((out) => out.micros(253_402_300_799_000_000))).toBe('253402300799.000000');
  expect(printed((out) => out.micros(Number.POSITIVE_INFINITY))).toBe('Infinity');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 }), (micros) => {
      const digits = String(micros).padStart(7, '0');
      return printed((out) => out.micros(micros)) === `${digits.slice(0, -6)}.${digits.slice(-6)}`;
    }),
  );
});

test('prints any text as UTF-8, short or long, and grows as needed', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 60 }), (texts) => {
      const whole = printed((out) => {
        for (const text of texts) {
          out.text(text);
          out.character(0x09);
        }
      });
      return whole === texts.map((text) => `${Buffer.from(text, 'utf8').toString('utf8')}\t`).join('');
    }),
  );
});
