import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Inflater } from '../engine/platform.ts';
import { nativeInflate } from './native-inflate.ts';
import { nodePlatform } from './node-platform.ts';
import { portableInflate } from './portable-inflate.ts';

const text = Buffer.from(Array.from({ length: 3000 }, (_, i) => `row ${(i * 7919) % 977}\n`).join(''));
const hex = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, 'hex'));

type Open = (format: 'gzip' | 'zlib' | 'raw', take: (bytes: Uint8Array) => boolean) => Inflater;
const compress = { gzip: zlib.gzipSync, zlib: zlib.deflateSync, raw: zlib.deflateRawSync } as const;

function inflated(open: Open, format: 'gzip' | 'zlib' | 'raw', data: Uint8Array, step: number): { ok: boolean; output: Buffer } {
  const parts: Buffer[] = [];
  const inflater = open(format, (bytes) => parts.push(Buffer.from(bytes)) > 0);
  let ok = true;
  for (let at = 0; ok && at < data.length; at += step) ok = inflater.push(data, at, Math.min(data.length, at + step));
  inflater.close();
  return { ok, output: Buffer.concat(parts) };
}

describe('decompression', () => {
  it('has the fast decompressor on this Node', () => {
    expect(nativeInflate).toBeDefined();
  });

  for (const [name, open] of [
    ['native', nodePlatform.inflater],
    ['portable', portableInflate],
  ] as const) {
    for (const format of ['gzip', 'zlib', 'raw'] as const) {
      it(`gives the original for ${format} in pieces of any size (${name})`, () => {
        for (const step of [1, 7, 1460, 1 << 20]) {
          const { ok, output } = inflated(open, format, compress[format](text), step);
          expect(ok).toBe(true);
          expect(output.equals(text)).toBe(true);
        }
      });
    }
    it(`answers false to damaged data and to a taker that has enough (${name})`, () => {
      expect(inflated(open, 'raw', Uint8Array.of(0xff, 0xff, 0xff, 0xff), 4).ok).toBe(false);
      const enough = open('raw', () => false);
      const data = zlib.deflateRawSync(text);
      expect(enough.push(data, 0, data.length)).toBe(false);
    });
  }

  it('ignores what follows the compressed data', () => {
    const data = Buffer.concat([zlib.deflateRawSync(text), Buffer.from('trailing')]);
    const { ok, output } = inflated(nodePlatform.inflater, 'raw', data, data.length);
    expect(ok).toBe(true);
    expect(output.equals(text)).toBe(true);
  });
});

describe('digests and ciphers', () => {
  it('agrees with node:crypto, running or at once', () => {
    for (const algorithm of ['md5', 'sha1', 'sha256'] as const) {
      const expected = createHash(algorithm).update(text.subarray(3, 900)).digest('hex');
      const running = nodePlatform.digest(algorithm);
      running.update(text, 3, 100);
      running.update(text, 100, 900);
      expect(running.hex()).toBe(expected);
      expect(nodePlatform.digestOf(algorithm, text, 3, 900)).toBe(expected);
    }
  });

  it('encrypts the block of FIPS 197 appendix B', () => {
    const sealed = nodePlatform.aes128Block(hex('2b7e151628aed2a6abf7158809cf4f3c'), hex('3243f6a8885a308d313198a2e0370734'));
    expect(Buffer.from(sealed).toString('hex')).toBe('3925841d02dc09fbdc118597196a0b32');
  });

  it('opens what fits its tag and nothing else', () => {
    // GCM specification, test case 2.
    const key = new Uint8Array(16);
    const nonce = new Uint8Array(12);
    const sealed = hex('0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf');
    expect(nodePlatform.aes128GcmOpen(key, nonce, new Uint8Array(0), sealed)).toEqual(Buffer.alloc(16));
    expect(nodePlatform.aes128GcmOpen(key, nonce, new Uint8Array(0), sealed.with(0, 1))).toBeUndefined();
    expect(nodePlatform.aes128GcmOpen(key, nonce, new Uint8Array(0), sealed.subarray(0, 15))).toBeUndefined();
  });
});
