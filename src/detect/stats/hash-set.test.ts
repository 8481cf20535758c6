import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HashSet } from './hash-set.ts';

test('a set of hashes is one, whatever is put into it', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 53 - 2 }), { maxLength: 2000 }), (hashes) => {
      const set = new HashSet(hashes);
      for (const hash of hashes.slice(0, 20)) set.add(hash);
      expect(set.size).toBe(new Set(hashes).size);
      expect(new Set(set.values())).toEqual(new Set(hashes));
    }),
  );
});
