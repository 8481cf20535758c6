import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HintIndex } from './hint-index.ts';
import { rules } from './index.ts';

const index = new HintIndex(rules);
const hints = rules.flatMap((rule) => rule.hints);
const piece = fc.oneof(fc.constantFrom(...hints), fc.string({ maxLength: 5 }), fc.string({ unit: 'binary', maxLength: 3 }));

test('marks exactly the rules of which a hint is in the text', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = pieces.join('').toLowerCase();
      const expected = rules.map((rule) => (rule.hints.some((hint) => text.includes(hint)) ? 1 : 0));
      expect([...(index.mark(text) ?? new Uint8Array(rules.length))]).toEqual(expected);
    }),
  );
});
