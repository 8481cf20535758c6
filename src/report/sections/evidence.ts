// Evidence rows and packets as tables: of each log the columns that a person reads first.
import { recordTypes } from '../../model/records/index.ts';
import type { RecordType } from '../../model/records/record.ts';
import { type Block, code, type Line, paragraph, wholeCode } from '../document.ts';
import type { EvidenceRow, PacketExcerpt } from '../investigation.ts';
import { instant } from '../values.ts';
import type { SectionContext } from './context.ts';

/** Columns shown of each log, in order; `ends` stands for the four id columns. Of other logs the first columns with a value. */
const shown: Readonly<Record<string, readonly string[]>> = {
  conn: ['service', 'duration', 'orig_bytes', 'resp_bytes', 'conn_state', 'history', 'context'],
  open_conn: ['service', 'duration', 'orig_bytes', 'resp_bytes', 'conn_state', 'history'],
  http: ['method', 'host', 'uri', 'user_agent', 'status_code', 'response_body_len', 'resp_mime_types'],
  dns: ['query', 'qtype_name', 'rcode_name', 'answers'],
  ssl: ['version', 'server_name', 'next_protocol', 'subject', 'issuer', 'ja4'],
  quic: ['server_name', 'client_protocol'],
  ssh: ['auth_success', 'auth_attempts', 'client', 'server', 'direction'],
  files: ['mime_type', 'filename', 'seen_bytes', 'is_orig', 'sha256'],
  interaction: ['turns', 'first_sender', 'client_head', 'server_head'],
  weird: ['name', 'addl'],
};
const maxOther = 6;

function cell(name: string, kind: string, value: unknown, { values }: SectionContext): Line {
  if (value === undefined || value === null) return '';
  if (kind === 'time') return instant(Number(value), true);
  if (kind === 'interval') return values.span(Number(value));
  if (kind === 'count' || kind === 'int') return /_(?:code|port)$|^code$/.test(name) ? String(value) : values.number(Number(value));
  if (kind === 'bool') return value === true ? 'T' : 'F';
  if (Array.isArray(value)) return value.slice(0, 4).map(String).join(', ');
  return [code(String(value))];
}

const end = (address: unknown, port: unknown): string => {
  const text = String(address ?? '');
  return port === undefined ? text : text.includes(':') ? `[${text}]:${String(port)}` : `${text}:${String(port)}`;
};

/** One table a log, in the order the logs first come. */
export function rowTables(context: SectionContext, rows: readonly EvidenceRow[]): Block[] {
  const logs = [...new Set(rows.map(({ log }) => log))];
  return logs.map((log): Block => {
    const type: RecordType = recordTypes[log];
    const own = rows.filter((row) => row.log === log).map(({ row }) => row);
    const hasEnds = 'id.orig_h' in type.columns;
    const wanted =
      shown[log] ??
      Object.keys(type.columns)
        .filter((name) => !/^(?:ts|uid|fuid|id\..*)$/.test(name))
        .slice(0, maxOther);
    const names = wanted.filter((name) => type.columns[name] !== undefined && own.some((row) => row[name] !== undefined));
    return {
      kind: 'table',
      caption: `${log}.log`,
      head: ['ts', ...(hasEnds ? ['client → server'] : []), ...names, 'uid'],
      rows: own.map((row): Line[] => [
        instant(Number(row['ts']), true),
        ...(hasEnds ? [`${end(row['id.orig_h'], row['id.orig_p'])} → ${end(row['id.resp_h'], row['id.resp_p'])}`] : []),
        ...names.map((name) => cell(name, type.columns[name]?.kind ?? 'string', row[name], context)),
        [wholeCode(String(row['uid'] ?? row['fuid'] ?? ''))],
      ]),
    };
  });
}

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');

/** Sixteen bytes a line: offset, hexadecimal, and the characters that print. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = [...bytes.slice(at, at + 16)];
    const digits = part.map((byte) => hex(byte, 2)).join(' ');
    const characters = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${hex(at, 4)}  ${digits.padEnd(47)}  ${characters}`);
  }
  return lines.join('\n');
}

/** The packets of a finding in one block: a line each, and the first bytes of those that carry any. */
export function packetBlocks(packets: readonly PacketExcerpt[]): Block[] {
  const text = packets.map((packet) => {
    const line = `#${packet.number} ${packet.source} ${instant(packet.at, true)} ${packet.summary}`;
    return packet.bytes.length === 0 ? line : `${line}\n${hexDump(packet.bytes)}`;
  });
  return packets.length === 0 ? [] : [{ kind: 'code', text: text.join('\n\n') }];
}

/** A sentence in a paragraph of its own. */
export const sentence = (text: string): Block => paragraph({ kind: 'muted', text });
