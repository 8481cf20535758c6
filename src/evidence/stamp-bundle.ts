// Adds to a finished bundle: a time stamp over its sums, or a line of custody (who got it, from whom).
import { VedetteError } from '../base/errors.ts';
import type { Actor } from '../model/case.ts';
import type { SealedFolder } from './bundle-folder.ts';
import { type CustodyEntry, custodyLine, readCustody } from './custody.ts';
import { sha256 } from './digest.ts';
import * as names from './manifest.ts';
import { checkStamp, type StampAuthority, stampRequest } from './time-stamp.ts';

/** Who adds, when, and with which randomness. */
export interface AddContext {
  readonly actor: Actor;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** The line that follows a log. @throws {VedetteError} `bundle-format` for a log that is broken */
const lineAfter =
  (path: string, entry: CustodyEntry) =>
  (log: string): string => {
    const { heads, broken } = readCustody(log);
    const head = heads.at(-1);
    if (broken !== undefined || head === undefined) {
      throw new VedetteError('bundle-format', { path, found: `its custody log is broken at line ${broken?.line ?? 1}` });
    }
    return custodyLine(head, entry).line;
  };

/** Adds a line of custody, e.g. that the bundle was handed over. */
export async function addCustody(
  bundle: SealedFolder,
  what: string,
  facts: Readonly<Record<string, unknown>>,
  { actor, now }: AddContext,
): Promise<void> {
  if ((await bundle.read(names.sumsName)) === undefined) throw notABundle(bundle);
  const { who, host } = actor;
  await bundle.add({}, lineAfter(bundle.path, { at: now().toISOString(), who, host, what, ...facts }));
}

const notABundle = ({ path }: SealedFolder): VedetteError => new VedetteError('bundle-format', { path, found: `no ${names.sumsName}` });

/**
 * Has the sums of a bundle stamped, and writes down by how much the clock here differs from the authority's.
 * @returns when the authority says that it was
 * @throws {VedetteError} `time-stamp-failed`, `bundle-format`, `output-occupied` when there is a stamp
 */
export async function stampBundle(bundle: SealedFolder, authority: StampAuthority, url: string, context: AddContext): Promise<string> {
  const sums = await bundle.read(names.sumsName);
  if (sums === undefined) throw notABundle(bundle);
  if ((await bundle.read(names.stampResponseName)) !== undefined) {
    throw new VedetteError('output-occupied', { path: `${bundle.path}/${names.stampResponseName}` });
  }
  const digest = Buffer.from(sha256(sums), 'hex');
  const request = stampRequest(digest, context.randomBytes(16));
  const askedAt = context.now();
  const response = await authority(request);
  const answeredAt = context.now();
  const checked = checkStamp(digest, request, response);
  if ('problem' in checked) throw new VedetteError('time-stamp-failed', { url, reason: `the answer ${checked.problem}` });
  const { at, serial } = checked.value;
  const { who, host } = context.actor;
  const middle = (askedAt.getTime() + answeredAt.getTime()) / 2;
  const entry: CustodyEntry = {
    ...{ at: answeredAt.toISOString(), who, host, what: 'time-stamped', authority: url, stampedAt: at, serial },
    ...{ requestSha256: sha256(request), responseSha256: sha256(response) },
    // Authorities often give whole seconds: the difference is no better than that.
    clockAheadSeconds: Math.round(middle - Date.parse(at)) / 1000,
  };
  await bundle.add({ [names.stampRequestName]: request, [names.stampResponseName]: response }, lineAfter(bundle.path, entry));
  return at;
}
