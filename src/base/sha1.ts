// SHA-1 of one block (FIPS 180-4), for Community ID: short, synchronous and without the runtime's crypto.

const schedule = new Int32Array(80);

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/**
 * Digest of a message of at most 55 bytes, lying in `block` (64 bytes, big-endian words of it in 16 entries) padded by the caller:
 * 0x80 after the message, zeros, and the length in bits in the last word. Writes five words to `digest`.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the four round functions in one loop are what makes it fast
export function sha1Block(block: Int32Array, digest: Int32Array): void {
  const w = schedule;
  for (let i = 0; i < 16; i++) w[i] = block[i] ?? 0;
  for (let i = 16; i < 80; i++) w[i] = rotate((w[i - 3] ?? 0) ^ (w[i - 8] ?? 0) ^ (w[i - 14] ?? 0) ^ (w[i - 16] ?? 0), 1);
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  let e = 0xc3d2e1f0 | 0;
  for (let i = 0; i < 80; i++) {
    const mixed =
      i < 20
        ? ((b & c) | (~b & d)) + 0x5a827999
        : i < 40
          ? (b ^ c ^ d) + 0x6ed9eba1
          : i < 60
            ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
            : (b ^ c ^ d) + 0xca62c1d6;
    const next = (rotate(a, 5) + mixed + e + (w[i] ?? 0)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  digest[0] = (0x67452301 + a) | 0;
  digest[1] = (0xefcdab89 + b) | 0;
  digest[2] = (0x98badcfe + c) | 0;
  digest[3] = (0x10325476 + d) | 0;
  digest[4] = (0xc3d2e1f0 + e) | 0;
}
