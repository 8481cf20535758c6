// A web shell in use, by the shape of its requests: one client and one script that others do not visit, in a place where none
// belongs or with nothing but lumps of encrypted data, answers of every size.
import type { EpochMicros } from '../../../base/units.ts';
import type { FindingDraft } from '../../../model/finding.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import { splitTarget } from '../../payload/inspect-request.ts';
import { hasShellName, isLump, isScript, isUploadedScript } from '../../payload/web-shells.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';

const maxScripts = 10_000;
const maxSizes = 64;
const maxUids = 100;
/** Commands are short; uploads and forms are not. */
const maxRequestBytes = 8192;

interface Script {
  readonly row: HttpRecord;
  readonly path: string;
  readonly sizes: Set<number>;
  readonly uids: string[];
  otherClients: boolean;
  referred: boolean;
  requests: number;
  /** Requests whose body was one lump. */
  lumps: number;
  lastAt: number;
}

/** Scripts that were posted to, and by whom. */
export class WebShellUse {
  readonly #scripts = new BoundedMap<string, Script>(maxScripts);

  note(row: HttpRecord): void {
    if (row.method !== 'POST' || row.uri === undefined || row.request_body_len > maxRequestBytes) return;
    const { path } = splitTarget(row.uri);
    if (!isScript(path) || path.length > 300) return;
    const script = this.#scripts.ensure(`${row.context ?? ''}|${row['id.resp_h']}|${row['id.resp_p']}|${path}`, () => ({
      row,
      path,
      sizes: new Set(),
      uids: [],
      otherClients: false,
      referred: false,
      requests: 0,
      lumps: 0,
      lastAt: row.ts,
    }));
    script.requests++;
    if (isLump(row.post_body)) script.lumps++;
    script.lastAt = Math.max(script.lastAt, row.ts);
    script.otherClients ||= row['id.orig_h'] !== script.row['id.orig_h'];
    script.referred ||= row.referrer !== undefined;
    if (script.sizes.size < maxSizes) script.sizes.add(row.response_body_len);
    if (script.uids.length < maxUids && script.uids.at(-1) !== row.uid) script.uids.push(row.uid);
  }

  /** Findings about scripts that were used like a shell. */
  *findings(minRequests: number, minSizes: number): Generator<FindingDraft> {
    for (const script of this.#scripts.values()) {
      const reason = reasonOf(script, minRequests);
      if (reason === undefined || script.otherClients || script.referred || script.sizes.size < minSizes) continue;
      yield draftOf(script, reason, { shellRequests: minRequests, shellSizes: minSizes });
    }
  }
}

/** Why the script may be a shell, the strongest reason first. */
function reasonOf({ path, requests, lumps }: Script, minRequests: number): string | undefined {
  if (requests >= minRequests && hasShellName(path)) return 'a script with the name of a web shell';
  if (requests >= minRequests && isUploadedScript(path)) return 'a script in a folder of uploads';
  return lumps >= minRequests / 2 && lumps === requests ? 'a script that was sent nothing but encrypted lumps' : undefined;
}

function draftOf(script: Script, reason: string, thresholds: { readonly [key: string]: number }): FindingDraft {
  const { row, path, sizes, uids, requests, lumps, lastAt } = script;
  const [client, server, port] = [row['id.orig_h'], row['id.resp_h'], row['id.resp_p']];
  const named = hasShellName(path);
  return {
    key: `shell|${server}|${port}|${path}`,
    title: 'Web shell in use',
    attack: ['T1505.003'],
    severity: named ? 'medium' : 'low',
    confidence: named ? 0.8 : 0.5,
    subject: { address: client, ...(row.context !== undefined && { context: row.context }) },
    peers: [{ address: server, port }],
    firstSeen: row.ts,
    lastSeen: lastAt as EpochMicros,
    count: requests,
    summary: `${client} alone sent ${requests} small POST requests to ${path} on ${server}:${port}, ${reason}; the answers had ${sizes.size} sizes`,
    evidence: { endpoint: path, requests, encryptedRequests: lumps, answerSizes: [...sizes].slice(0, 20), namedAsShell: named, thresholds },
    records: uids,
  };
}
