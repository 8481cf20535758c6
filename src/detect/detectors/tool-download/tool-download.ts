// D43: a machine fetches a program or script as an intruder would.
import type { EpochMicros } from '../../../base/units.ts';
import type { Severity } from '../../../model/finding.ts';
import type { FilesRecord } from '../../../model/records/files.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { signsInRequest, signsInStream } from '../../payload/inspect-record.ts';
import type { RequestSign } from '../../payload/inspect-request.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';
import { isPackageSite, isProgramHead, kindOf, type ToolKind, type Trait, traitsOf } from './download-traits.ts';

const maxDownloads = 20_000;
const maxAttacked = 20_000;
/** Attacks remembered a machine; the latest. */
const maxTimes = 64;

type Tune = Readonly<Record<'minutes' | 'minBytes', number>>;

/** One file that a machine fetched. */
interface Fetched {
  readonly client: string;
  readonly context: string | undefined;
  readonly server: string;
  readonly port: number;
  readonly at: number;
  readonly uid: string;
  readonly what: string;
  readonly mime: string;
  readonly kind: ToolKind;
  readonly traits: readonly Trait[];
  readonly bytes: number;
  readonly packageSite: boolean;
}

export const toolDownload = defineDetector({
  id: 'D43-tool-download',
  title: 'Download of a tool',
  attack: ['T1105'],
  reads: ['http', 'files', 'interaction'],
  finds:
    'A machine that fetches a program or script from a bare address, an odd port, a drop site, under a false ending, or over a bare connection.',
  misses: ['Downloads inside TLS or SSH.', 'Programs inside of archives.'],
  benign: ['An internal package mirror or deployment by address.', 'Build runners that fetch release files.'],
  investigate: [
    'Read http rows with requests to the subject in the ten minutes before firstSeen.',
    'Look the sha256 of the files row up, without sending the file, in the hour after.',
  ],
  sources: ['https://attack.mitre.org/techniques/T1105/'],
  tunables: {
    minutes: { default: 10, unit: 'minutes after an attack on the machine', min: 1, max: 1440, why: 'Tools follow the break-in at once.' },
    minBytes: { default: 16, unit: 'bytes', min: 0, max: 1e9, why: 'Shorter is an empty answer.' },
  },
  start(tune: Tune, host) {
    const downloads = new BoundedMap<string, Fetched>(maxDownloads);
    /** Attacks by machine: when, microseconds since the epoch. */
    const attacks = new BoundedMap<string, number[]>(maxAttacked);
    const note = (fetched: Fetched | undefined): void => {
      if (fetched === undefined || fetched.bytes < tune.minBytes) return;
      const key = `${fetched.context ?? ''}|${fetched.client}|${fetched.server}|${fetched.port}|${fetched.what}`;
      if (downloads.peek(key) === undefined) downloads.set(key, fetched);
      raiseDownload(host, fetched, attackBefore(attacks, fetched, tune), tune);
    };
    return {
      http(row) {
        noteAttack(attacks, row, signsInRequest(row));
        note(fetchedByHttp(host, row));
      },
      files: (row) => note(fetchedOtherwise(row)),
      interaction(row) {
        noteAttack(attacks, row, signsInStream(row));
        note(pushedOverBareConnection(row));
      },
      finish() {
        for (const fetched of downloads.values()) raiseDownload(host, fetched, attackBefore(attacks, fetched, tune), tune);
      },
    };
  },
});

/** Remembers when a machine was sent something that would run; mere probes are the noise of the Internet. */
function noteAttack(attacks: BoundedMap<string, number[]>, row: HttpRecord | InteractionRecord, signs: readonly RequestSign[]): void {
  if (signs[0]?.strength !== 'exploit') return;
  const times = attacks.ensure(`${row.context ?? ''}|${row['id.resp_h']}`, () => []);
  times.push(row.ts);
  if (times.length > maxTimes) times.shift();
}

/** Time of the last attack within the window before the download; undefined when there was none. */
function attackBefore(attacks: BoundedMap<string, number[]>, fetched: Fetched, tune: Tune): number | undefined {
  const times = attacks.peek(`${fetched.context ?? ''}|${fetched.client}`) ?? [];
  return times.filter((at) => at <= fetched.at && fetched.at - at <= tune.minutes * 60e6).at(-1);
}

function fetchedByHttp(host: DetectionHost, row: HttpRecord): Fetched | undefined {
  const mime = row.resp_mime_types?.find((type) => kindOf(type) === 'program' || kindOf(type) === 'script');
  if (mime === undefined || (row.status_code ?? 200) >= 300) return undefined;
  const uri = row.uri ?? '/';
  return {
    client: row['id.orig_h'],
    context: row.context,
    server: row['id.resp_h'],
    port: row['id.resp_p'],
    at: row.ts,
    uid: row.uid,
    what: `${row.host ?? row['id.resp_h']}${uri}`.slice(0, 200),
    mime,
    kind: kindOf(mime),
    traits: traitsOf({
      mime,
      host: row.host,
      isPublic: host.isPublic(row['id.resp_h']),
      port: row['id.resp_p'],
      uri,
      agent: row.user_agent,
    }),
    bytes: row.response_body_len,
    packageSite: isPackageSite(row.host),
  };
}

/** Files of other protocols (FTP, SMB) that came towards the client; HTTP has its own, richer rows. */
function fetchedOtherwise(row: FilesRecord): Fetched | undefined {
  const { mime_type: mime, source } = row;
  const [client, server] = [row['id.orig_h'], row['id.resp_h']];
  if (mime === undefined || source === 'HTTP' || source === 'SSL' || client === undefined || server === undefined) return undefined;
  if (row.is_orig !== false || kindOf(mime) !== 'program') return undefined;
  return {
    client,
    context: row.context,
    server,
    port: row['id.resp_p'] ?? 0,
    at: row.ts,
    uid: row.uid ?? '',
    what: `${source} ${row.filename ?? 'file'}`.slice(0, 200),
    mime,
    kind: 'program',
    // Whole departments copy programs over SMB and FTP; nobody does over chat.
    traits: [{ text: `over ${source}`, isStrong: source === 'IRC_DATA' }],
    bytes: row.seen_bytes,
    packageSite: false,
  };
}

/** A program in the first bytes of a connection in no recognised protocol: stagers of attack tools push the next stage like that. */
function pushedOverBareConnection(row: InteractionRecord): Fetched | undefined {
  const toClient = isProgramHead(row.server_head);
  if (row.service !== undefined || (!toClient && !isProgramHead(row.client_head))) return undefined;
  const [receiver, sender] = toClient ? [row['id.orig_h'], row['id.resp_h']] : [row['id.resp_h'], row['id.orig_h']];
  return {
    client: receiver,
    context: row.context,
    server: sender,
    port: toClient ? row['id.resp_p'] : row['id.orig_p'],
    at: row.ts,
    uid: row.uid,
    what: 'a program, pushed',
    mime: 'application/octet-stream',
    kind: 'program',
    traits: [{ text: 'over a bare connection', isStrong: true }],
    // How many bytes came is in conn; that it was a program is certain.
    bytes: Number.POSITIVE_INFINITY,
    packageSite: false,
  };
}

/** A command-line client alone says little. */
function severityOf({ kind, traits, packageSite }: Fetched, attackedBefore: boolean): Severity | undefined {
  const strong = traits.filter(({ isStrong }) => isStrong).length;
  if (attackedBefore && traits.length > 0) return 'high';
  if (packageSite && strong === 0) return undefined;
  if (kind === 'program') return strong >= 1 ? 'medium' : traits.length > 0 ? 'low' : undefined;
  return strong >= 2 || (strong >= 1 && traits.length >= 2) ? 'low' : undefined;
}

/** A claim about a machine that is not known to be ours is never high, and a vouched-for server is only noted. */
function severityFor(host: DetectionHost, fetched: Fetched, judged: Severity): Severity {
  if (host.knownAs(fetched.server) !== undefined) return 'info';
  return judged === 'high' && !host.isOurs(fetched.client) ? 'medium' : judged;
}

function sentenceOf(
  { client, what, mime, bytes, server, port, traits }: Fetched,
  secondsAfter: number | undefined,
  known: string | undefined,
): string {
  const why = traits.length === 0 ? '' : `, ${traits.map(({ text }) => text).join(', ')}`;
  const after = secondsAfter === undefined ? '' : `, ${secondsAfter} s after an attack on it`;
  return `${client} fetched ${what} (${mime}${Number.isFinite(bytes) ? `, ${bytes} bytes` : ''}) from ${server}:${port}${why}${after}${known === undefined ? '' : ` (known: ${known})`}`;
}

const confidences: Readonly<Partial<Record<Severity, number>>> = { high: 0.9, medium: 0.6 };

function raiseDownload(host: DetectionHost, fetched: Fetched, attackedAt: number | undefined, tune: Tune): void {
  const { client, context, server, port, at, uid, what, mime, traits, bytes } = fetched;
  const judged = severityOf(fetched, attackedAt !== undefined);
  if (judged === undefined) return;
  const secondsAfter = attackedAt === undefined ? undefined : Math.round((at - attackedAt) / 1e6);
  host.raise({
    key: `${server}|${port}|${what}`,
    severity: severityFor(host, fetched, judged),
    confidence: confidences[judged] ?? 0.4,
    subject: { address: client, ...(context !== undefined && { context }) },
    peers: [{ address: server, port }],
    firstSeen: at as EpochMicros,
    lastSeen: at as EpochMicros,
    count: 1,
    summary: sentenceOf(fetched, secondsAfter, host.knownAs(server)),
    evidence: {
      what,
      mime,
      bytes: Number.isFinite(bytes) ? bytes : null,
      traits: traits.map(({ text }) => text),
      secondsAfterAttack: secondsAfter ?? null,
      thresholds: { ...tune },
    },
    records: uid === '' ? [] : [uid],
  });
}
