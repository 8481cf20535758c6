import { expect, it } from 'vitest';
import { bytesOfLatin1 } from '../../base/bytes.ts';
import { LineReader } from './line-reader.ts';

/** Lines that come out of these segments. */
function linesOf(segments: readonly string[], limit = 20): string[] {
  const reader = new LineReader(limit);
  const lines: string[] = [];
  for (const segment of segments) {
    const bytes = bytesOfLatin1(segment);
    reader.open(bytes, 0, bytes.u8.length);
    while (reader.next()) lines.push(reader.bytes.latin1(reader.start, reader.end));
    reader.close();
  }
  return lines;
}

it('ends a line at CRLF, LF or CR, in whatever segments they come', () => {
  expect(linesOf(['a\r\nb\nc\rd'])).toEqual(['a', 'b', 'c']);
  expect(linesOf(['a\r', '\nb\r', 'c\n'])).toEqual(['a', 'b', 'c']);
  expect(linesOf(['a', 'b', '\r\n', '\r\n'])).toEqual(['ab', '']);
});

it('passes over a line that is too long', () => {
  expect(linesOf(['x'.repeat(30), 'x'.repeat(30), 'x\nshort\n'])).toEqual(['short']);
});
