// From rows to programs and scripts that machines received. Pure.
import type { FilesRecord } from '../../../model/records/files.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import { isPackageSite, isProgramHead, kindOf, type ToolKind, type Trait, traitsOf } from './download-traits.ts';

/** One file that a machine received. */
export interface Fetched {
  readonly client: string;
  readonly context: string | undefined;
  readonly server: string;
  /** Name of the server in the request. */
  readonly name: string | undefined;
  readonly port: number;
  /** Microseconds since the epoch. */
  readonly at: number;
  readonly uid: string;
  readonly what: string;
  readonly mime: string;
  readonly kind: ToolKind;
  readonly traits: readonly Trait[];
  /** undefined where only the beginning was seen. */
  readonly bytes: number | undefined;
  /** Identifier in files.log, for its hashes. */
  readonly fuid: string | undefined;
  readonly packageSite: boolean;
}

export function fetchedByHttp(row: HttpRecord, isPublic: boolean): Fetched | undefined {
  const index = row.resp_mime_types?.findIndex((type) => kindOf(type) === 'program' || kindOf(type) === 'script') ?? -1;
  const mime = row.resp_mime_types?.[index];
  if (mime === undefined || (row.status_code ?? 200) >= 300) return undefined;
  const uri = row.uri ?? '/';
  return {
    client: row['id.orig_h'],
    context: row.context,
    server: row['id.resp_h'],
    name: row.host?.replace(/:\d+$/, '').toLowerCase(),
    port: row['id.resp_p'],
    at: row.ts,
    uid: row.uid,
    what: `${row.host ?? row['id.resp_h']}${uri}`.slice(0, 200),
    mime,
    kind: kindOf(mime),
    traits: traitsOf({ mime, host: row.host, isPublic, port: row['id.resp_p'], uri, agent: row.user_agent }),
    bytes: row.response_body_len,
    fuid: row.resp_fuids?.[index] ?? row.resp_fuids?.[0],
    packageSite: isPackageSite(row.host),
  };
}

/** Files of other protocols (FTP, SMB) that came towards the client; HTTP has its own, richer rows. */
export function fetchedOtherwise(row: FilesRecord): Fetched | undefined {
  const { mime_type: mime, source } = row;
  const [client, server] = [row['id.orig_h'], row['id.resp_h']];
  if (mime === undefined || source === 'HTTP' || source === 'SSL' || client === undefined || server === undefined) return undefined;
  if (row.is_orig !== false || kindOf(mime) !== 'program') return undefined;
  return {
    client,
    context: row.context,
    server,
    name: undefined,
    port: row['id.resp_p'] ?? 0,
    at: row.ts,
    uid: row.uid ?? '',
    what: `${source} ${row.filename ?? 'file'}`.slice(0, 200),
    mime,
    kind: 'program',
    // Whole departments copy programs over SMB and FTP; nobody does over chat.
    traits: [{ text: `over ${source}`, isStrong: source === 'IRC_DATA' }],
    bytes: row.seen_bytes,
    fuid: row.fuid,
    packageSite: false,
  };
}

/** A program in the first bytes of a connection in no recognised protocol: stagers of attack tools push the next stage like that. */
export function pushedOverBareConnection(row: InteractionRecord): Fetched | undefined {
  const toClient = isProgramHead(row.server_head);
  if (row.service !== undefined || (!toClient && !isProgramHead(row.client_head))) return undefined;
  const [receiver, sender] = toClient ? [row['id.orig_h'], row['id.resp_h']] : [row['id.resp_h'], row['id.orig_h']];
  return {
    client: receiver,
    context: row.context,
    server: sender,
    name: undefined,
    port: toClient ? row['id.resp_p'] : row['id.orig_p'],
    at: row.ts,
    uid: row.uid,
    what: 'a program, pushed',
    mime: 'application/octet-stream',
    kind: 'program',
    traits: [{ text: 'over a bare connection', isStrong: true }],
    bytes: undefined,
    fuid: undefined,
    packageSite: false,
  };
}
