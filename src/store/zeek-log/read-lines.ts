// The lines of a log as bytes (one character each), from a file or standard input, decompressed where they are compressed.
import { createReadStream } from 'node:fs';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { VedetteError } from '../../base/errors.ts';

/** Longest line kept whole; a longer one is given in pieces, so that memory stays bounded. */
const maxLine = 1 << 24;

function open(path: string): Readable {
  if (path === '-') return process.stdin;
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!/\.(?:gz|zst)$/.test(path)) return file;
  const inflate = path.endsWith('.gz') ? createGunzip() : createZstdDecompress();
  file.on('error', (error) => inflate.destroy(error));
  return file.pipe(inflate);
}

/**
 * Lines without their ends, a block at a time; the last one may lack its end.
 * @throws {VedetteError} `input-missing`, `input-unreadable`
 */
export async function* readLines(path: string): AsyncGenerator<readonly string[]> {
  let carry = '';
  try {
    for await (const chunk of open(path)) {
      const text = carry + (chunk as Buffer).toString('latin1');
      const end = text.lastIndexOf('\n');
      carry = text.slice(end + 1);
      if (end >= 0) yield text.slice(0, end).split('\n');
      if (carry.length > maxLine) {
        yield [carry];
        carry = '';
      }
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new VedetteError('input-missing', { path }, { cause });
    throw new VedetteError('input-unreadable', { path, reason: code }, { cause });
  }
  if (carry !== '') yield [carry];
}
