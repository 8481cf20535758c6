// Rows of a directory of logs by uid: only lines that match are parsed.
import { createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { VedetteError } from '../../base/errors.ts';
import { type RecordName, type RecordRow, type RecordSink, recordTypes } from '../../model/records/index.ts';
import { UidLines } from './uid-lines.ts';
import { ZeekLogParser } from './zeek-log-parser.ts';
import { listZeekLogs, logNameOf } from './zeek-log-reader.ts';

/** Logs whose rows belong to a connection. */
const hasUid = (name: RecordName): boolean => 'uid' in recordTypes[name].columns;

function open(path: string): NodeJS.ReadableStream {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!/\.(?:gz|zst)$/.test(path)) return file;
  const inflate = path.endsWith('.gz') ? createGunzip() : createZstdDecompress();
  file.on('error', (error) => inflate.destroy(error));
  return file.pipe(inflate);
}

async function readLog(path: string, name: RecordName, uids: ReadonlySet<string>, sink: RecordSink): Promise<void> {
  const parser = new ZeekLogParser(recordTypes[name]);
  const lines = new UidLines(uids, {
    header: (line) => void parser.parse(line),
    match: (line) => {
      const parsed = parser.parse(line);
      if (parsed.kind === 'row') sink.emit(name, parsed.row as RecordRow<RecordName>);
    },
  });
  for await (const chunk of open(path)) lines.push(chunk as unknown as Buffer);
  lines.end();
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
