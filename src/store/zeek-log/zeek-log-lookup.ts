// Rows of a directory of logs by uid: lines are compared as text, and only those that match are parsed.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { VedetteError } from '../../base/errors.ts';
import { type RecordName, type RecordRow, type RecordSink, recordTypes } from '../../model/records/index.ts';
import { ZeekLogParser } from './zeek-log-parser.ts';
import { listZeekLogs, logNameOf } from './zeek-log-reader.ts';

/** Logs whose rows belong to a connection. */
const hasUid = (name: RecordName): boolean => 'uid' in recordTypes[name].columns;

/** The uid of a line without reading the rest of it; undefined when the line has none. */
function uidOf(line: string, column: number): string | undefined {
  if (line.startsWith('{')) {
    const at = line.indexOf('"uid":"');
    return at < 0 ? undefined : line.slice(at + 7, line.indexOf('"', at + 7));
  }
  let from = 0;
  for (let i = 0; i < column; i++) {
    from = line.indexOf('\t', from) + 1;
    if (from === 0) return undefined;
  }
  const to = line.indexOf('\t', from);
  return column < 0 ? undefined : line.slice(from, to < 0 ? undefined : to);
}

function open(path: string): NodeJS.ReadableStream {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!/\.(?:gz|zst)$/.test(path)) return file;
  const inflate = path.endsWith('.gz') ? createGunzip() : createZstdDecompress();
  file.on('error', (error) => inflate.destroy(error));
  return file.pipe(inflate);
}

async function readLog(path: string, name: RecordName, uids: ReadonlySet<string>, sink: RecordSink): Promise<void> {
  const parser = new ZeekLogParser(recordTypes[name]);
  let column = -1;
  for await (const line of createInterface({ input: open(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.startsWith('#')) {
      parser.parse(line);
      if (line.startsWith('#fields')) column = line.split('\t').indexOf('uid') - 1;
      continue;
    }
    const uid = uidOf(line, column);
    if (uid === undefined || !uids.has(uid)) continue;
    const parsed = parser.parse(line);
    if (parsed.kind === 'row') sink.emit(name, parsed.row as RecordRow<RecordName>);
  }
}

/** See `RecordLookup`. */
export async function lookUpZeekLogs(directory: string, uids: ReadonlySet<string>, sink: RecordSink): Promise<void> {
  if (uids.size === 0) return;
  try {
    for (const path of await listZeekLogs(directory)) {
      const name = logNameOf(path);
      if (name !== undefined && hasUid(name)) await readLog(path, name, uids, sink);
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new VedetteError('input-missing', { path: directory }, { cause });
    throw new VedetteError('input-unreadable', { path: directory, reason: code }, { cause });
  }
}
