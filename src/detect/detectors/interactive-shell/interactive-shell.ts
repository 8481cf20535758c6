// D31: a shell in the hands of the other end, by the rhythm of typing and answering, and by what shells say.
import type { EpochMicros } from '../../../base/units.ts';
import type { FindingDraft, Severity } from '../../../model/finding.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';
import { spell } from '../../stats/scan-finding.ts';
import { judgeShell, type Rhythm, rhythmOf, type ShellTune } from './shell-judgement.ts';
import { commandsIn, sendsProgram, shellMarksIn } from './shell-marks.ts';

/** Candidates from conn rows alone, for inputs without interaction records. */
const maxCandidates = 5000;

export const interactiveShell = defineDetector({
  id: 'D31-interactive-shell',
  title: 'Interactive shell held by a remote end',
  attack: ['T1059.004', 'T1571', 'T1095'],
  reads: ['interaction', 'conn'],
  finds: 'A TCP connection without a protocol of its own in which one end types commands and a machine of ours answers like a shell.',
  misses: ['Shells inside TLS, SSH or HTTP.', 'Shells that stay idle, or that a program drives without pauses.'],
  benign: ['Chat, games, serial consoles, debuggers and read-eval-print services.', 'Remote administration with a plain-text tool.'],
  investigate: ['Read http uri and post_body of requests to the subject in the ten minutes before firstSeen for the address of the peer.'],
  sources: [
    'Guha, Kidwell, Barthur, Cleveland, Gerth, Bullard 2011, streaming classification of interactive traffic by header timing',
    'https://attack.mitre.org/techniques/T1059/004/',
  ],
  tunables: {
    turns: { default: 4, unit: 'typed turns', min: 1, max: 1000, why: 'Fewer can be coincidence.' },
    typedBytes: { default: 80, unit: 'bytes', min: 1, max: 10_000, why: 'Length of a command line.' },
    minGapSeconds: { default: 0.4, unit: 'seconds', min: 0, max: 60, why: 'Programs pause less, people more.' },
    maxGapSeconds: { default: 90, unit: 'seconds', min: 1, max: 86_400, why: 'Longer pauses are keep-alives or polling.' },
    gapVariation: { default: 0.5, unit: 'deviation over mean', min: 0, max: 10, why: 'People are irregular; timers are not.' },
    answerSeconds: { default: 0.5, unit: 'seconds', min: 0.01, max: 60, why: 'A shell answers at once.' },
    minSeconds: { default: 20, unit: 'seconds', min: 0, max: 86_400, why: 'Rhythm needs time to show; shell texts do not.' },
  },
  start(tune: ShellTune, host) {
    const bare = new BoundedMap<string, ConnRecord>(maxCandidates);
    let sawInteraction = false;
    return {
      interaction(row) {
        sawInteraction = true;
        raiseFromRhythm(host, row, tune);
      },
      conn(row) {
        if (!sawInteraction && mayBeShell(host, row, tune)) bare.set(row.uid, row);
      },
      finish() {
        if (!sawInteraction) raiseFromConnections(host, [...bare.values()]);
      },
    };
  },
});

/** From ours to elsewhere, unrecognised, both ends speaking little over a long time: all that a conn row can say. */
function mayBeShell(host: DetectionHost, row: ConnRecord, tune: ShellTune): boolean {
  const [sent, received] = [row.orig_bytes ?? 0, row.resp_bytes ?? 0];
  return (
    row.carrier !== true &&
    row.proto === 'tcp' &&
    row.service === undefined &&
    (row.duration ?? 0) >= tune.minSeconds &&
    row.history?.startsWith('S') === true &&
    host.isOurs(row['id.orig_h']) &&
    sent > 0 &&
    received > 0 &&
    sent < 200_000 &&
    received < sent &&
    received / Math.max(1, row.resp_pkts) <= tune.typedBytes
  );
}

interface Claim {
  readonly holder: { readonly address: string; readonly port: number };
  readonly typist: { readonly address: string; readonly port: number };
  readonly reverse: boolean;
  readonly rhythm: Rhythm;
  readonly marks: readonly string[];
  readonly commands: readonly string[];
  readonly onlyCommands: boolean;
  readonly programSent: boolean;
}

/** Turns after which a connection that began with a program is a conversation, not a transfer. */
const conversationTurns = 4;

/** The shell is where the answers come from: at the client of a reverse shell, at the server of a bind shell. */
function claimOf(row: InteractionRecord, reverse: boolean): Claim {
  const client = { address: row['id.orig_h'], port: row['id.orig_p'] };
  const server = { address: row['id.resp_h'], port: row['id.resp_p'] };
  const typed = reverse ? row.server_head : row.client_head;
  const { lines, commands } = commandsIn(typed);
  return {
    holder: reverse ? client : server,
    typist: reverse ? server : client,
    reverse,
    rhythm: rhythmOf(row, reverse),
    marks: shellMarksIn(reverse ? row.client_head : row.server_head),
    commands,
    onlyCommands: row.first_sender === (reverse ? 'server' : 'client') && commands.length === lines,
    programSent: sendsProgram(typed) && row.turns >= conversationTurns,
  };
}

function raiseFromRhythm(host: DetectionHost, row: InteractionRecord, tune: ShellTune): void {
  if (row.service !== undefined) return;
  for (const reverse of [true, false]) {
    const claim = claimOf(row, reverse);
    const judged = judgeShell(claim, row.duration, tune);
    if (judged === undefined) continue;
    const known = host.knownAs(claim.typist.address);
    host.raise(draftOf(row, claim, severityFor(host, claim, judged.severity, known), judged.confidence, known, tune));
    return;
  }
}

/** A high claim says that a machine of ours is compromised; about somebody else's it is only worth knowing. */
function severityFor(host: DetectionHost, { holder }: Claim, judged: Severity, known: string | undefined): Severity {
  if (known !== undefined) return 'info';
  return host.isOurs(holder.address) || judged === 'low' ? judged : 'medium';
}

/** What the answers, or the beginning, showed. */
function reasonOf({ marks, commands, programSent }: Claim): string {
  if (programSent) return 'it began by sending a program';
  if (marks.length > 0) return `the answers show: ${marks.join(', ')}`;
  return commands.length > 0
    ? `it typed commands of a shell (${commands.slice(0, 3).join('; ')})`
    : 'answers come at once, pauses are human';
}

function draftOf(
  row: InteractionRecord,
  claim: Claim,
  severity: Severity,
  confidence: number,
  known: string | undefined,
  tune: ShellTune,
): FindingDraft {
  const { holder, typist, reverse, rhythm, marks, commands, programSent } = claim;
  const port = reverse ? typist.port : holder.port;
  const kind = programSent ? 'Session that began with a program sent over it' : reverse ? 'Reverse shell' : 'Shell on an open port';
  return {
    key: `${typist.address}|${port}|${row.uid}`,
    title: confidence >= 0.8 ? kind : `${kind}, by its rhythm`,
    severity,
    confidence,
    subject: { address: holder.address, ...(row.context !== undefined && { context: row.context }) },
    peers: [{ address: typist.address, port: typist.port }],
    firstSeen: row.ts,
    lastSeen: (row.ts + row.duration * 1e6) as EpochMicros,
    count: rhythm.turns,
    summary: `${typist.address} held a session of ${spell(row.duration)} with ${holder.address} on port ${port}, opened by ${reverse ? holder.address : typist.address}: ${rhythm.turns} typed turns; ${reasonOf(claim)}${known === undefined ? '' : ` (known: ${known})`}`,
    evidence: {
      direction: reverse ? 'the answering end connected out' : 'the typing end connected in',
      ...rhythm,
      seconds: row.duration,
      shellMarks: marks,
      commands,
      programSent,
      clientHead: row.client_head ?? null,
      serverHead: row.server_head ?? null,
      thresholds: { ...tune },
    },
    records: [row.uid],
  };
}

/** Without packet dynamics only a hint is possible. */
function raiseFromConnections(host: DetectionHost, rows: readonly ConnRecord[]): void {
  for (const row of rows) {
    const [client, server, port] = [row['id.orig_h'], row['id.resp_h'], row['id.resp_p']];
    const known = host.knownAs(server);
    host.raise({
      key: `${server}|${port}|${row.uid}`,
      title: 'Possible reverse shell, by size and duration only',
      severity: known === undefined ? 'low' : 'info',
      confidence: 0.3,
      subject: { address: client, ...(row.context !== undefined && { context: row.context }) },
      peers: [{ address: server, port }],
      firstSeen: row.ts,
      lastSeen: (row.ts + (row.duration ?? 0) * 1e6) as EpochMicros,
      count: 1,
      summary: `${client} kept a connection of ${spell(row.duration ?? 0)} to ${server}:${port} in no recognised protocol, receiving little and sending more`,
      evidence: { seconds: row.duration ?? 0, sentBytes: row.orig_bytes ?? 0, receivedBytes: row.resp_bytes ?? 0 },
      records: [row.uid],
      blindSpots: ['The input has no packets: rhythm and content of the connection could not be judged.'],
    });
  }
}
