// A web shell in use, by the shape of its requests: one client and one script that others do not visit, in a place where none
// belongs or with nothing but lumps of encrypted data, answers of every size.
import type { EpochMicros } from '../../../base/units.ts';
import type { FindingDraft } from '../../../model/finding.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import type { DetectionHost } from '../../detector.ts';
import { splitTarget } from '../../payload/inspect-request.ts';
import { hasShellName, isLump, isScript, isUploadedScript } from '../../payload/web-shells.ts';
import type { BoundedMap } from '../../stats/bounded-map.ts';
import { day } from '../../stats/record-clock.ts';

const maxScripts = 5000;
const maxSizes = 64;
const maxUids = 100;
/** Commands are short; uploads and forms are not. */
const maxRequestBytes = 8192;

interface Script {
  readonly row: Pick<HttpRecord, 'id.orig_h' | 'id.resp_h' | 'id.resp_p' | 'ts' | 'context'>;
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

type Thresholds = Readonly<Record<'shellRequests' | 'shellSizes', number>>;

/** Scripts that were posted to, and by whom. */
export class WebShellUse {
  readonly #scripts: BoundedMap<string, Script>;
  readonly #judge: (script: Script) => void;

  constructor(host: DetectionHost, thresholds: Thresholds, raise: (draft: FindingDraft) => void) {
    this.#judge = (script) => {
      const reason = reasonOf(script, thresholds.shellRequests);
      if (reason === undefined || script.otherClients || script.referred || script.sizes.size < thresholds.shellSizes) return;
      raise(draftOf(script, reason, thresholds));
    };
    this.#scripts = host.newTextMap(maxScripts, { afterSeconds: day, spare: 300, onForget: this.#judge });
  }

  note(row: HttpRecord): void {
    if (row.method !== 'POST' || row.uri === undefined || row.request_body_len > maxRequestBytes) return;
    const { path } = splitTarget(row.uri);
    if (!isScript(path) || path.length > 300) return;
    const script = this.#scripts.ensure(`${row.context ?? ''}|${row['id.resp_h']}|${row['id.resp_p']}|${path}`, () => ({
      row: {
        'id.orig_h': row['id.orig_h'],
        'id.resp_h': row['id.resp_h'],
        'id.resp_p': row['id.resp_p'],
        ts: row.ts,
        context: row.context,
      },
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

  /** End of input: says which scripts were used like a shell. */
  finish(): void {
    for (const script of this.#scripts.values()) this.#judge(script);
  }
}

/** Why the script may be a shell, the strongest reason first. */
function reasonOf({ path, requests, lumps }: Script, minRequests: number): string | undefined {
  if (requests >= minRequests && hasShellName(path)) return 'a script with the name of a web shell';
  if (requests >= minRequests && isUploadedScript(path)) return 'a script in a folder of uploads';
  return lumps >= minRequests / 2 && lumps === requests ? 'a script that was sent nothing but encrypted lumps' : undefined;
}

function draftOf(script: Script, reason: string, thresholds: Thresholds): FindingDraft {
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
    evidence: {
      endpoint: path,
      requests,
      encryptedRequests: lumps,
      answerSizes: [...sizes].slice(0, 20),
      namedAsShell: named,
      thresholds: { ...thresholds },
    },
    records: uids,
  };
}
