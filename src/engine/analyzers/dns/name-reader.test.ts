import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dnsName } from '../../../../test/build/dns-message.ts';
import { bytesOf, inBuffer } from '../../../../test/build/wire-bytes.ts';
import { NameReader } from './name-reader.ts';

function read(content: Uint8Array, options: { at?: number; longLabels?: boolean } = {}) {
  const { bytes, start, end } = inBuffer(content);
  const weirds: string[] = [];
  const reader = new NameReader();
  reader.begin(bytes, start, options.longLabels ?? false, (name) => weirds.push(name));
  const next = reader.read(start + (options.at ?? 0), end);
  return { name: reader.text(), next: next - start, weirds };
}

describe('NameReader', () => {
  it('gives back every name that was written', () => {
    const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
    fc.assert(
      fc.property(fc.array(label, { maxLength: 8 }), (labels) => {
        const name = labels.join('.');
        expect(read(bytesOf(dnsName(name), 0))).toEqual({ name, next: name === '' ? 1 : name.length + 2, weirds: [] });
      }),
    );
  });

  it('turns capitals into small letters and escapes what is not printable', () => {
    expect(read(bytesOf(3, 'WwW', 2, 0xff, 0x01, 0, 0)).name).toBe('www.\\xff\\x01');
  });

  it('follows a pointer and goes on behind it', () => {
    // 0: example.com; 13: www + pointer to 0
    const content = bytesOf(dnsName('example.com'), 3, 'www', [0xc0, 0], 0);
    expect(read(content, { at: 13 })).toEqual({ name: 'www.example.com', next: 19, weirds: [] });
  });

  it('follows pointers to pointers', () => {
    const content = bytesOf(dnsName('com'), 1, 'b', [0xc0, 0], 1, 'a', [0xc0, 5], 0);
    expect(read(content, { at: 9 }).name).toBe('a.b.com');
  });

  it('refuses a pointer to itself and one that goes forward', () => {
    expect(read(bytesOf([0xc0, 0], 0))).toEqual({ name: '', next: 2, weirds: ['DNS_label_forward_compress_offset'] });
    expect(read(bytesOf(1, 'a', [0xc0, 200], 0))).toEqual({ name: 'a', next: 4, weirds: ['DNS_label_forward_compress_offset'] });
  });

  it('ends a chain of pointers after twenty', () => {
    const chain = bytesOf(dnsName('x'), ...Array.from({ length: 40 }, (_, i) => [0xc0, i === 0 ? 0 : 3 + 2 * (i - 1)]), 0);
    const result = read(chain, { at: 3 + 2 * 39 });
    expect(result.weirds).toEqual(['DNS_max_compression_chain_depth_exceeded']);
    expect(result.name).toBe('');
  });

  it('counts a label that runs over the end and takes the rest of the message', () => {
    expect(read(bytesOf(1, 'a', 9, 'bc'))).toEqual({ name: 'a', next: 5, weirds: ['DNS_label_len_gt_pkt'] });
  });

  it('takes labels above 63 bytes for malformed except on the NetBIOS port', () => {
    const content = bytesOf(70, 'a'.repeat(70), 0, 0);
    expect(read(content).weirds).toEqual(['DNS_label_too_long']);
    expect(read(content, { longLabels: true }).name).toBe('a'.repeat(70));
  });

  it('counts names of 255 bytes and more, and stops before 512', () => {
    const label = [63, ...new Array<number>(63).fill(0x61)];
    const long = read(bytesOf(label, label, label, label, 0, 0));
    expect(long.weirds).toEqual(['DNS_NAME_too_long']);
    expect(long.name.length).toBe(255);
    const tooLong = read(bytesOf(...new Array<number[]>(9).fill(label), 0, 0));
    expect(tooLong.weirds).toEqual(['DNS_label_len_gt_name_len', 'DNS_NAME_too_long']);
  });

  it('gives the same string for the same name, and the right one after a collision of hashes', () => {
    const reader = new NameReader();
    const seen = new Map<string, string>();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 6000; i++) {
        const name = `host-${i}.example.org`;
        const { bytes, start, end } = inBuffer(bytesOf(dnsName(name), 0));
        reader.begin(bytes, start, false, () => {});
        reader.read(start, end);
        expect(reader.text()).toBe(name);
        seen.set(name, reader.text());
      }
    }
    expect(seen.size).toBe(6000);
  });
});
