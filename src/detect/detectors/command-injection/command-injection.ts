// D44: requests that carry commands, code or queries for the machine that receives them.
import type { Finding, FindingDraft } from '../../../model/finding.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { signsInRequest, signsInStream } from '../../payload/inspect-record.ts';
import { type RequestSign, splitTarget } from '../../payload/inspect-request.ts';
import { requestIn } from '../../payload/raw-request.ts';
import { isCommandOutput, isScript } from '../../payload/web-shells.ts';
import type { BoundedMap } from '../../stats/bounded-map.ts';
import { day } from '../../stats/record-clock.ts';
import { attackFinding } from './attack-finding.ts';
import { Attempts, type Sighting, sightingOf } from './attempts.ts';
import { WebShellUse } from './web-shell-use.ts';

/** Pairs of client and server followed at once. */
const maxPairs = 5000;

type Tune = Readonly<Record<'attacks' | 'probes' | 'shellRequests' | 'shellSizes', number>>;

interface Pair {
  readonly client: string;
  readonly server: string;
  readonly context: string | undefined;
  readonly attempts: Attempts;
  calledBack: boolean;
}

export const commandInjection = defineDetector({
  id: 'D44-command-injection',
  title: 'Command injection or web shell',
  attack: ['T1190', 'T1059', 'T1505.003'],
  reads: ['http', 'interaction'],
  finds: 'A client whose requests carry commands, code, look-ups or queries meant for the machine that receives them.',
  misses: [
    'Requests inside TLS.',
    'Request bodies and headers, where the input is logs of Zeek, which do not hold them.',
    'Attacks that go on after a day of silence are another finding.',
    'Payloads in binary formats, and beyond the first 4096 bytes of a body.',
  ],
  benign: [
    'The constant noise of scanners on the Internet: the attempt alone proves nothing about the machine.',
    'An authorised vulnerability scan.',
    'People who write about commands in a forum, a ticket or an editor.',
  ],
  investigate: [
    'Read conn rows with the attacked machine as client in the 15 minutes around firstSeen: did it call the end that the payload names?',
    'Read http status_code and response_body_len of the same uri in the day before: does the answer differ?',
  ],
  sources: [
    'https://attack.mitre.org/techniques/T1190/',
    'https://cwe.mitre.org/data/definitions/78.html',
    'https://attack.mitre.org/techniques/T1505/003/',
  ],
  tunables: {
    attacks: { default: 3, unit: 'requests', min: 1, max: 10_000, why: 'From here on an attack on data is worth more than a note.' },
    probes: { default: 3, unit: 'requests', min: 1, max: 10_000, why: 'One probe may be a stray link or a strange visitor.' },
    shellRequests: { default: 8, unit: 'requests', min: 2, max: 10_000, why: 'Fewer look like any form.' },
    shellSizes: {
      default: 4,
      unit: 'distinct sizes of answers',
      min: 2,
      max: 64,
      why: 'A form answers in a few sizes, a shell in as many as commands.',
    },
  },
  start(tune: Tune, host) {
    const pairs = host.newTextMap<Pair>(maxPairs, { afterSeconds: day, spare: 300, onForget: (pair) => raise(host, pair, tune) });
    const raiseShell = (draft: FindingDraft): void => {
      host.raise(host.knownAs(draft.subject.address) === undefined ? draft : { ...draft, severity: 'info' });
    };
    const shells = new WebShellUse(host, { shellRequests: tune.shellRequests, shellSizes: tune.shellSizes }, raiseShell);
    const note = (row: HttpRecord | InteractionRecord, signs: readonly RequestSign[], seen: Sighting): void => {
      const [client, server] = [row['id.orig_h'], row['id.resp_h']];
      const pair = pairs.ensure(`${row.context ?? ''}|${client}|${server}`, () => ({
        client,
        server,
        context: row.context,
        attempts: new Attempts(),
        calledBack: false,
      }));
      const before = pair.attempts.strongest;
      pair.attempts.add(signs, seen);
      const { requests, strongest } = pair.attempts;
      // Renewed when it doubles or becomes graver: the last word comes at the end.
      if (strongest !== before || (requests & (requests - 1)) === 0) raise(host, pair, tune);
    };
    return {
      http(row) {
        shells.note(row);
        const asked = signsInRequest(row);
        const signs = asked.length > 0 ? asked : outputSigns(row);
        if (signs.length > 0) note(row, signs, sightingOf(row));
      },
      interaction(row) {
        const signs = signsInStream(row);
        if (signs.length > 0) note(row, signs, streamSighting(row));
      },
      finding(finding) {
        markCalledBack(pairs, finding);
      },
      finish() {
        for (const pair of pairs.values()) raise(host, pair, tune);
        shells.finish();
      },
    };
  },
});

/** A script that answers with the output of a command, whatever was asked. */
function outputSigns(row: HttpRecord): readonly RequestSign[] {
  if (!isCommandOutput(row.resp_snippet)) return [];
  const { path } = splitTarget(row.uri ?? '');
  if (!isScript(path)) return [];
  const decodedSnippet = row.resp_snippet ?? '';
  return [
    {
      family: 'web-shell',
      technique: 'answer is the output of a command',
      strength: 'exploit',
      decodedSnippet,
      steps: [],
      endpoint: path.slice(0, 200),
      place: 'path',
    },
  ];
}

const streamSighting = (row: InteractionRecord): Sighting => ({
  ts: row.ts,
  uid: row.uid,
  port: row['id.resp_p'],
  method: requestIn(row.client_head ?? '')?.method ?? 'stream',
  status: undefined,
  responseBytes: 0,
  answer: row.server_head,
  forwardedFor: [],
});

/** Another detector saw the attacked machine call an end that this client's payload named. */
function markCalledBack(pairs: BoundedMap<string, Pair>, { detector, subject, evidence }: Finding): void {
  const attackers = evidence['attackers'];
  if (!detector.startsWith('D32-') || !Array.isArray(attackers)) return;
  for (const attacker of attackers) {
    const pair = pairs.peek(`${subject.context ?? ''}|${String(attacker)}|${subject.address}`);
    if (pair !== undefined) pair.calledBack = true;
  }
}

function raise(host: DetectionHost, { client, server, context, attempts, calledBack }: Pair, tune: Tune): void {
  if (attempts.strongest === 'probe' && attempts.requests < tune.probes) return;
  host.raise(
    attackFinding({
      attempts,
      client,
      server,
      context,
      ours: host.isOurs(client),
      known: host.knownAs(client),
      calledBack,
      thresholds: { attacks: tune.attacks, probes: tune.probes },
    }),
  );
}
