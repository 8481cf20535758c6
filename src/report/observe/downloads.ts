// Files that came to one of ours over the network: what an intruder fetches after breaking in is among them.
import type { RecordRow } from '../../model/records/index.ts';
import type { Download } from './observations.ts';
import { Heaviest } from './tally.ts';

const maxDownloads = 60;
/** Requests that wait for the row of their file, and files that wait for their request. */
const maxWaiting = 4096;

/** Content that a machine can run. Names of types as Zeek's signatures give them. */
const programs =
  /^(?:application\/(?:x-(?:executable|elf|dosexec|mach-o.*|object|sharedlib|coredump|java-applet|msdownload)|java-archive|vnd\.microsoft\.portable-executable)|text\/x-(?:shellscript|python|perl|php|ruby|lua|awk|powershell|msdos-batch|tcl)|application\/(?:x-)?(?:javascript|powershell))$/;
const archives =
  /^application\/(?:zip|gzip|zlib|x-(?:gzip|bzip2|xz|lzma|tar|7z-compressed|rar|rpm|deb|debian-package|cpio|lz4|zstd)|vnd\..*)$/;

/** 0 a program or script, 1 an archive, 2 anything else. */
export const rankOf = (mime: string | undefined): number =>
  mime === undefined ? 2 : programs.test(mime) ? 0 : archives.test(mime) ? 1 : 2;

/** Folds files and http rows; either may come first. */
export class Downloads {
  count = 0;
  readonly #kept = new Heaviest<Download>(maxDownloads);
  readonly #waiting = new Map<string, { readonly url: string; readonly userAgent: string | undefined }>();
  readonly #byFile = new Map<string, Download>();
  readonly #isOurs: (address: string) => boolean;

  constructor(isOurs: (address: string) => boolean) {
    this.#isOurs = isOurs;
  }

  takeFile(row: RecordRow<'files'>): void {
    const client = row['id.orig_h'];
    const server = row['id.resp_h'];
    if (client === undefined || server === undefined || row.source === 'SSL') return;
    const to = row.is_orig ? server : client;
    // A page that our server hands out is no download of ours.
    if (row.is_orig || !this.#isOurs(to)) return;
    this.count++;
    const rank = rankOf(row.mime_type);
    const request = this.#waiting.get(row.fuid);
    this.#waiting.delete(row.fuid);
    // Tools before archives before the rest; among equals the earlier.
    this.#kept.offer(3 - rank, () => {
      const download: Download = {
        ...{ at: row.ts, uid: row.uid ?? '', to, from: row.is_orig ? client : server, port: row['id.resp_p'] ?? 0 },
        ...{ source: row.source, mime: row.mime_type, bytes: row.total_bytes ?? row.seen_bytes, sha256: row.sha256 },
        ...{ url: request?.url, userAgent: request?.userAgent, rank },
      };
      if (request === undefined) remember(this.#byFile, row.fuid, download);
      return download;
    });
  }

  takeRequest(row: RecordRow<'http'>): void {
    for (const fuid of row.resp_fuids ?? []) {
      const request = { url: urlOf(row), userAgent: row.user_agent };
      const file = this.#byFile.get(fuid);
      if (file === undefined) remember(this.#waiting, fuid, request);
      else {
        file.url = request.url;
        file.userAgent = request.userAgent;
        this.#byFile.delete(fuid);
      }
    }
  }

  downloads(): Download[] {
    return this.#kept.values();
  }
}

/** Adds to a bounded map; the oldest entry goes. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size >= maxWaiting) {
    const [oldest] = map.keys();
    if (oldest !== undefined) map.delete(oldest);
  }
  map.set(key, value);
}

/** The address that a client fetched, as far as the row tells. */
export function urlOf(row: {
  readonly host?: unknown;
  readonly uri?: unknown;
  readonly 'id.resp_h'?: unknown;
  readonly 'id.resp_p'?: unknown;
}): string {
  const uri = typeof row.uri === 'string' ? row.uri : '/';
  if (/^[a-z]{2,8}:\/\//i.test(uri)) return uri;
  const address = String(row['id.resp_h'] ?? '');
  const host = typeof row.host === 'string' && row.host !== '' ? row.host : address.includes(':') ? `[${address}]` : address;
  const port = row['id.resp_p'];
  const hasPort = /:\d+$/.test(host) || port === 80 || port === undefined;
  return `http://${host}${hasPort ? '' : `:${String(port)}`}${uri.startsWith('/') ? '' : '/'}${uri}`;
}
