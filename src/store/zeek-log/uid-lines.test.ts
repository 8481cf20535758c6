import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UidLines } from './uid-lines.ts';

function linesOf(text: string, uids: readonly string[], chunkBytes = 1 << 20): { headers: string[]; matches: string[] } {
  const headers: string[] = [];
  const matches: string[] = [];
  const lines = new UidLines(new Set(uids), { header: (line) => headers.push(line), match: (line) => matches.push(line) });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) lines.push(bytes.subarray(at, at + chunkBytes));
  lines.end();
  return { headers, matches };
}

describe('UidLines', () => {
  it('finds lines of a TSV log by the column that the header names', () => {
    const text = '#separator \\x09\n#fields\tts\tuid\tnote\n1\tCa\tCb\n2\tCb\tø\r\n3\tCbb\t-\n4\tCb';
    expect(linesOf(text, ['Cb'])).toEqual({ headers: ['#separator \\x09', '#fields\tts\tuid\tnote'], matches: ['2\tCb\tø\r', '4\tCb'] });
  });

  it('reads the uid where it is the first or the last column', () => {
    expect(linesOf('#fields\tuid\tts\nCa\t1\nCb\t2\n', ['Cb']).matches).toEqual(['Cb\t2']);
    expect(linesOf('#fields\tts\tuid\r\n1\tCa\r\n2\tCb\r\n', ['Cb']).matches).toEqual(['2\tCb\r']);
  });

  it('finds nothing where no header names a uid, or a line is cut before it', () => {
    expect(linesOf('1\tCa\n#fields\tts\tnote\n1\tCa\n#fields\tts\tx\ty\tuid\n1\t2\nCa\n', ['Ca']).matches).toEqual([]);
  });

  it('finds lines of a JSON log, spaced or not', () => {
    const text = '{"ts":1,"uid":"Ca"}\n{"ts":2}\n{"ts":3,"uid": "Cb"}\n{"ts":4,"note":"uid"}\n{"uid":"Cbb"}\n{"ts":5,"uid":"Cb","x":1}';
    expect(linesOf(text, ['Cb']).matches).toEqual(['{"ts":3,"uid": "Cb"}', '{"ts":5,"uid":"Cb","x":1}']);
  });

  it('passes over a line longer than any row, and goes on after it', () => {
    const long = `1\tCa\t${'x'.repeat(1 << 24)}`;
    expect(linesOf(`#fields\tts\tuid\tx\n${long}\n2\tCa\ty\n`, ['Ca'], 1 << 22).matches).toEqual(['2\tCa\ty']);
  });

  it('finds the same however the bytes are cut', () => {
    const uid = fc.stringMatching(/^C[ab]{1,2}$/);
    const line = fc.oneof(
      uid.map((one) => `1.5\t${one}\tæ`),
      uid.map((one) => `{"ts":1,"uid":"${one}"}`),
      fc.constantFrom('', '#fields\tts\tuid\tx', '#close', '{"x":2}', '\t'),
    );
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 40 }), (lines, chunkBytes) => {
        const text = lines.join('\n');
        expect(linesOf(text, ['Ca', 'Cab'], chunkBytes)).toEqual(linesOf(text, ['Ca', 'Cab']));
      }),
    );
  });
});
