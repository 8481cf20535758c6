// D32: a machine does what a request told it: it calls the end that the payload named.
import type { HttpRecord } from '../../../model/records/http.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import type { EndsMap } from '../../ends/ends-map.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { signsInRequest, signsInStream } from '../../payload/inspect-record.ts';
import type { RequestSign } from '../../payload/inspect-request.ts';
import { day } from '../../stats/record-clock.ts';
import { callbackFinding, type Fetched, lookedUpFinding } from './callback-finding.ts';
import { type Match, matchOf } from './join.ts';
import { type Machine, type NamedEnd, NamedEnds } from './named-ends.ts';
import { NamesSeen } from './names-seen.ts';
import { isMidStream, OutboundSessions } from './outbound-sessions.ts';

const maxFetchers = 5000;
/** Files kept a machine; the latest. */
const maxFetched = 64;

type Tune = Readonly<Record<'minutes', number>>;

export const payloadCallback = defineDetector({
  id: 'D32-payload-callback',
  title: 'Machine calls the end that a request named',
  attack: ['T1190', 'T1059', 'T1105'],
  reads: ['http', 'interaction', 'conn', 'dns'],
  finds:
    'A machine of ours that connects to the very address and port that an injected command, look-up or script in a request to it named.',
  misses: [
    'Requests inside TLS.',
    'Payloads that compute the end that they call, or that fetch it elsewhere.',
    'Calls more than a day after the last payload.',
    'Calls by name, where neither the DNS answer nor a Host header is in view.',
  ],
  benign: ['An authorised penetration test.', 'A service that fetches what it is shown, where the payload names a web address.'],
  investigate: [
    'Read the interaction row of the session, and conn rows of the subject in the hour after firstSeen.',
    'Read http rows with the same uri from other clients in the day before: was the hole found earlier?',
  ],
  sources: ['https://attack.mitre.org/techniques/T1190/', 'https://attack.mitre.org/techniques/T1059/'],
  tunables: {
    minutes: {
      default: 15,
      unit: 'minutes before or after the request',
      min: 1,
      max: 1440,
      why: 'Servers that run commands one after the other queue requests: a shell may open minutes before the request that is logged for it, or after.',
    },
  },
  start(tune: Tune, host) {
    const named = new NamedEnds(host, (machine) => judge(host, machine, seen, tune, atTheEnd));
    const seen: Seen = {
      named,
      sessions: new OutboundSessions(host, (machine) => named.get(machine) !== undefined),
      names: new NamesSeen(host),
      fetched: host.newEndsMap(maxFetchers, { afterSeconds: day }),
    };
    const noteSigns = (row: HttpRecord | InteractionRecord, ends: RowEnds, signs: readonly RequestSign[]): void => {
      const machine = seen.named.note(row, ends, signs);
      if (machine !== undefined) judge(host, machine, seen, tune);
    };
    return {
      http(row, ends) {
        seen.names.noteHttp(row);
        noteFetched(seen, row, ends);
        noteSigns(row, ends, signsInRequest(row));
      },
      interaction: (row, ends) => noteSigns(row, ends, signsInStream(row)),
      dns: (row) => seen.names.noteDns(row),
      conn(row, ends) {
        if (row.carrier === true || row.orig_pkts === 0 || ends.isServerMulticast) return;
        seen.sessions.note(row, ends);
        const client = seen.named.get(ends.client);
        if (client !== undefined) judge(host, client, seen, tune, row['id.resp_h']);
        if (!isMidStream(row)) return;
        // Either end may have opened it.
        seen.sessions.noteSwapped(row, ends);
        const server = seen.named.get(ends.server);
        if (server !== undefined) judge(host, server, seen, tune, row['id.orig_h']);
      },
      finish() {
        for (const machine of seen.named.values()) judge(host, machine, seen, tune, atTheEnd);
      },
    };
  },
});

/** Everything that was seen so far. */
interface Seen {
  readonly named: NamedEnds;
  readonly sessions: OutboundSessions;
  readonly names: NamesSeen;
  readonly fetched: EndsMap<Fetched[]>;
}

function noteFetched({ fetched }: Seen, row: HttpRecord, { client }: RowEnds): void {
  const mime = row.resp_mime_types?.[0];
  if (mime === undefined || mime.startsWith('text/html')) return;
  const list = fetched.get(client) ?? fetched.set([], client);
  list.push({ at: row.ts, what: `${row.host ?? row['id.resp_h']}${row.uri ?? ''}`.slice(0, 200), mime });
  if (list.length > maxFetched) list.shift();
}

/** Times of all attempts known by their labels only: nobody else attacked. */
function vouchedFor(host: DetectionHost, end: NamedEnd, remote: string): string | undefined {
  const label = host.knownAs(remote);
  if (label !== undefined) return label;
  const labels = [...end.attackers.keys()].map((address) => host.knownAs(address));
  return labels.every((one) => one !== undefined) ? labels[0] : undefined;
}

const atTheEnd = Symbol('at the end');

/** Judges the ends of a machine; after a connection only those that it may concern: named by that address, or by a host name. */
function judge(host: DetectionHost, machine: Machine, seen: Seen, tune: Tune, only?: string | typeof atTheEnd): void {
  for (const end of machine.ends.values()) {
    if (typeof only === 'string' && !end.byName && end.callback.host !== only) continue;
    const match = matchOf(machine, end, seen.sessions, seen.names, tune.minutes * 60e6);
    if (match !== undefined) raiseMatch(host, machine, end, match, seen, tune, only === atTheEnd);
    else if (only === atTheEnd) judgeName(host, machine, end, seen, tune);
  }
}

function raiseMatch(
  host: DetectionHost,
  machine: Machine,
  end: NamedEnd,
  match: Match,
  seen: Seen,
  { minutes }: Tune,
  isLast: boolean,
): void {
  const size = end.count + match.sessions.length;
  if (!isLast && size < 2 * end.raisedAt) return;
  end.raisedAt = size;
  const window = minutes * 60e6;
  const to = Math.max(...match.sessions.map(({ at, seconds }) => at + seconds * 1e6)) + window;
  const fetched = (seen.fetched.peek(host.endOf(machine.address, machine.context)) ?? []).filter(
    ({ at }) => at >= end.firstAt - window && at <= to,
  );
  host.raise(
    callbackFinding({
      machine,
      end,
      match,
      fetched,
      ours: host.isOurs(machine.address),
      known: vouchedFor(host, end, match.remote),
      minutes,
    }),
  );
}

/** No connection, but the machine asked for the name within the window: only said at the end, when a connection can no longer come. */
function judgeName(host: DetectionHost, machine: Machine, end: NamedEnd, { names }: Seen, { minutes }: Tune): void {
  const asked = names.askedBy(end.callback.host, machine.address, machine.context);
  if (asked === undefined || !end.attempts.some(({ at }) => Math.abs(at - asked.at) <= minutes * 60e6)) return;
  const draft = lookedUpFinding(machine, end, asked, minutes);
  const known = vouchedFor(host, end, end.callback.host);
  host.raise(known === undefined ? draft : { ...draft, severity: 'info', summary: `${draft.summary} (known: ${known})` });
}
