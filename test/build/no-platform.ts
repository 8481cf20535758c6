// A runtime that lends nothing, for tests whose traffic needs no digests, inflating or ciphers.
import type { Platform } from '../../src/engine/platform.ts';

const unavailable = (): never => {
  throw new Error('not in this test');
};

export const noPlatform: Platform = {
  digest: unavailable,
  digestOf: unavailable,
  inflater: unavailable,
  hmacSha256: unavailable,
  aes128Block: unavailable,
  aes128GcmOpen: unavailable,
};
