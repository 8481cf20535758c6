// D43: a machine fetches a program or script as an intruder would.
import { severities } from '../../../model/finding.ts';
import type { FilesRecord } from '../../../model/records/files.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { signsInRequest, signsInStream } from '../../payload/inspect-record.ts';
import type { RequestSign } from '../../payload/inspect-request.ts';
import type { BoundedMap } from '../../stats/bounded-map.ts';
import { day } from '../../stats/record-clock.ts';
import { type Cause, downloadFinding, type Judged, type Place, severityOf } from './download-finding.ts';
import { kindOf } from './download-traits.ts';
import { type Fetched, fetchedByHttp, fetchedOtherwise, pushedOverBareConnection } from './fetched.ts';

const maxPlaces = 5000;
/** Files kept of a place; more are only counted. */
const maxFiles = 50;
const maxAttacked = 5000;
/** Attacks remembered a machine; the latest. */
const maxAttacks = 64;
const maxHashes = 5000;

type Tune = Readonly<Record<'minutes' | 'minBytes', number>>;

/** Something that would run if the machine obeyed. */
interface Attack {
  /** Microseconds since the epoch. */
  readonly at: number;
  /** The attacker, and the ends that the payload named. */
  readonly hosts: readonly string[];
}

interface Seen {
  /** What each machine received, by place. */
  readonly places: BoundedMap<string, Place>;
  /** What each machine was sent that would run. */
  readonly attacks: BoundedMap<string, Attack[]>;
  /** SHA-256 of programs and scripts, by identifier in files.log. */
  readonly hashes: BoundedMap<string, string>;
}

export const toolDownload = defineDetector({
  id: 'D43-tool-download',
  title: 'Download of a tool',
  attack: ['T1105'],
  reads: ['http', 'files', 'interaction'],
  finds:
    'A machine that fetches a program or script from a bare address, an odd port, a drop site, under a false ending, or over a bare connection.',
  misses: ['Downloads inside TLS or SSH.', 'Programs inside of archives.', 'Whether a place was known more than a day before.'],
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
    const seen: Seen = {
      places: host.newTextMap(maxPlaces, { afterSeconds: day, spare: 0, onForget: (place) => raisePlace(host, place, seen, tune) }),
      // For longer than places, which are judged by them at the end.
      attacks: host.newTextMap(maxAttacked, { afterSeconds: 7 * day }),
      hashes: host.newTextMap(maxHashes, { afterSeconds: 7 * day }),
    };
    const note = (fetched: Fetched | undefined): void => {
      if (fetched === undefined || (fetched.bytes ?? tune.minBytes) < tune.minBytes) return;
      const key = `${fetched.context ?? ''}|${fetched.client}|${fetched.server}|${fetched.port}`;
      const place = seen.places.ensure(key, () => ({ files: [], count: 0, raised: false }));
      place.count++;
      if (place.files.length < maxFiles) place.files.push(fetched);
      // Renewed when it doubles; the last word comes at the end.
      if (!place.raised || (place.count & (place.count - 1)) === 0) raisePlace(host, place, seen, tune);
    };
    return {
      http(row) {
        noteAttack(seen, row, signsInRequest(row));
        note(fetchedByHttp(row, host.isPublic(row['id.resp_h'])));
      },
      files(row) {
        noteHash(seen, row);
        note(fetchedOtherwise(row));
      },
      interaction(row) {
        noteAttack(seen, row, signsInStream(row));
        note(pushedOverBareConnection(row));
      },
      finish() {
        for (const place of seen.places.values()) raisePlace(host, place, seen, tune);
      },
    };
  },
});

function noteHash({ hashes }: Seen, { fuid, mime_type: mime, sha256 }: FilesRecord): void {
  if (sha256 !== undefined && mime !== undefined && kindOf(mime) !== 'none') hashes.set(fuid, sha256);
}

/** Remembers when a machine was sent something that would run; mere probes are the noise of the Internet. */
function noteAttack({ attacks }: Seen, row: HttpRecord | InteractionRecord, signs: readonly RequestSign[]): void {
  if (signs[0]?.strength !== 'exploit') return;
  const list = attacks.ensure(`${row.context ?? ''}|${row['id.resp_h']}`, () => []);
  list.push({ at: row.ts, hosts: [row['id.orig_h'], ...signs.flatMap(({ callback }) => callback?.host ?? [])] });
  if (list.length > maxAttacks) list.shift();
}

/** The attack on the machine within the window before the file that has most to do with it. */
function attackBefore(fetched: Fetched, place: Place, { attacks }: Seen, tune: Tune): Cause | undefined {
  const near = (attacks.peek(`${fetched.context ?? ''}|${fetched.client}`) ?? []).filter(
    ({ at }) => at <= fetched.at && fetched.at - at <= tune.minutes * 60e6,
  );
  const secondsSince = (attack: Attack): number => Math.round((fetched.at - attack.at) / 1e6);
  const linked = near.findLast(
    ({ hosts }) => hosts.includes(fetched.server) || (fetched.name !== undefined && hosts.includes(fetched.name)),
  );
  if (linked !== undefined) return { secondsAfter: secondsSince(linked), isLinked: true };
  // A place that the machine knew before owes nothing to the attack.
  const first = near.findLast((attack) => place.files.every(({ at }) => at >= attack.at));
  return first === undefined ? undefined : { secondsAfter: secondsSince(first), isLinked: false };
}

/** The file with its weight; undefined when it is not worth a word. */
function judge(fetched: Fetched, place: Place, seen: Seen, tune: Tune): Judged | undefined {
  const cause = attackBefore(fetched, place, seen, tune);
  const severity = severityOf(fetched, cause);
  return severity === undefined ? undefined : { fetched, severity, cause };
}

function raisePlace(host: DetectionHost, place: Place, seen: Seen, tune: Tune): void {
  const [first, ...rest] = place.files
    .flatMap((fetched) => judge(fetched, place, seen, tune) ?? [])
    .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || a.fetched.at - b.fetched.at);
  if (first === undefined) return;
  place.raised = true;
  const { client, server } = first.fetched;
  host.raise(
    downloadFinding({
      judged: [first, ...rest],
      count: place.count,
      ours: host.isOurs(client),
      known: host.knownAs(server),
      hashOf: (fuid) => seen.hashes.peek(fuid),
      thresholds: { ...tune },
    }),
  );
}
