import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha1Block } from './sha1.ts';

function digestOf(message: Uint8Array): string {
  const padded = new Uint8Array(64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(60, message.length * 8);
  const words = Int32Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4));
  const digest = new Int32Array(5);
  sha1Block(words, digest);
  return Array.from(digest, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

test('digests of short messages equal those of the runtime', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 55 }), (message) => {
      expect(digestOf(message)).toBe(createHash('sha1').update(message).digest('hex'));
    }),
  );
});
