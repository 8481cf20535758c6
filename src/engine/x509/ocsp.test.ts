import { describe, expect, it } from 'vitest';
import { epochMicros } from '../../base/units.ts';
import { ocspRows } from './ocsp.ts';

/** One DER element. */
function element(tag: number, ...content: (string | number[])[]): number[] {
  const bytes = content.flatMap((item) => (typeof item === 'string' ? [...item].map((character) => character.charCodeAt(0)) : item));
  return [tag, ...(bytes.length > 127 ? [0x82, bytes.length >> 8, bytes.length & 255] : [bytes.length]), ...bytes];
}

const sha1 = element(0x30, element(0x06, [0x2b, 0x0e, 0x03, 0x02, 0x1a]), element(0x05));
const certificateId = element(0x30, sha1, element(0x04, [0xaa, 0xbb]), element(0x04, [0xcc]), element(0x02, [0x00, 0x9f, 0x01]));
const thisUpdate = element(0x18, '20260101000000Z');
const nextUpdate = element(0xa0, element(0x18, '20260108000000Z'));

function reply(...status: number[][]): Uint8Array {
  const single = element(0x30, certificateId, ...status);
  const data = element(0x30, element(0xa2, element(0x04, [1, 2])), element(0x18, '20260101000000Z'), element(0x30, single));
  const basic = element(0x30, data, element(0x30), element(0x03, [0]));
  const wrapped = element(0x30, element(0x06, [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1]), element(0x04, basic));
  return Uint8Array.from(element(0x30, element(0x0a, [0]), element(0xa0, wrapped)));
}

const at = epochMicros(5);
const rows = (bytes: Uint8Array) => ocspRows(bytes, 0, bytes.length, at, 'F1');

describe('ocspRows', () => {
  it('reads what a reply says about a certificate', () => {
    expect(rows(reply(element(0x80), thisUpdate, nextUpdate))).toEqual([
      {
        ts: 5,
        id: 'F1',
        hashAlgorithm: 'sha1',
        issuerNameHash: 'AABB',
        issuerKeyHash: 'CC',
        serialNumber: '9F01',
        certStatus: 'good',
        revoketime: undefined,
        revokereason: undefined,
        thisUpdate: Date.UTC(2026, 0, 1) * 1000,
        nextUpdate: Date.UTC(2026, 0, 8) * 1000,
      },
    ]);
  });

  it('reads when and why it was revoked', () => {
    const revoked = element(0xa1, element(0x18, '20251224120000Z'), element(0xa0, element(0x0a, [1])));
    expect(rows(reply(revoked, thisUpdate))).toMatchObject([
      { certStatus: 'revoked', revoketime: Date.UTC(2025, 11, 24, 12) * 1000, revokereason: 'keyCompromise', nextUpdate: undefined },
    ]);
  });

  it('gives no rows for error replies and for every truncation', () => {
    expect(rows(Uint8Array.from(element(0x30, element(0x0a, [6]))))).toEqual([]);
    const whole = reply(element(0x80), thisUpdate);
    for (let end = 0; end < whole.length; end++) expect(ocspRows(whole, 0, end, at, 'F1')).toEqual([]);
  });
});
