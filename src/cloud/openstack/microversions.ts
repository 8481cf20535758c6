// Nova's microversions: one API whose answers grow by small steps. Pure.
// https://docs.openstack.org/nova/latest/reference/api-microversion-history.html
import { asObject, type JsonObject, objects, optionalText } from './json.ts';

/** Major 2, minor as a number: 2.90 is [2, 90]. */
type Version = readonly [major: number, minor: number];

/** What we were written against. Newer servers still speak it. */
export const wishedMicroversion = '2.90';

/** From which version on a thing works. */
export const microversionOf = {
  /** Tags in the list of servers. */
  tags: '2.26',
  /** The header OpenStack-API-Version; before, X-OpenStack-Nova-API-Version. */
  header: '2.27',
  /** Pages of keypairs. */
  keypairPages: '2.35',
  /** createImage answers with the id of the image. */
  imageId: '2.45',
  /** Pages of instance actions. */
  actionPages: '2.58',
  /** lock takes a reason. */
  lockReason: '2.73',
} as const;

/** What Nova offers; undefined for one without microversions. */
export interface OfferedVersions {
  readonly min: string;
  readonly max: string;
}

const parsed = (text: string): Version | undefined => {
  const match = /^(\d+)\.(\d+)$/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
};

/** Whether `version` is `wanted` or later. */
export function atLeastVersion(version: string | undefined, wanted: string): boolean {
  const [a, b] = [parsed(version ?? ''), parsed(wanted)];
  return a !== undefined && b !== undefined && (a[0] !== b[0] ? a[0] > b[0] : a[1] >= b[1]);
}

/** Reads Nova's version document: `{version}` of one version's root, or `{versions}` of the root. */
export function offeredVersions(body: unknown): OfferedVersions | undefined {
  const document = asObject(body);
  const all: readonly JsonObject[] = [asObject(document['version']), ...objects(document['versions'])];
  for (const one of all) {
    const max = optionalText(one, 'version');
    if (max !== undefined) return { min: optionalText(one, 'min_version') ?? '2.1', max };
  }
  return undefined;
}

/** The best version for us; undefined when there are none. */
export function chosenMicroversion(offered: OfferedVersions | undefined): string | undefined {
  if (offered === undefined) return undefined;
  if (!atLeastVersion(wishedMicroversion, offered.min)) return offered.min;
  return atLeastVersion(offered.max, wishedMicroversion) ? wishedMicroversion : offered.max;
}

/** The headers that ask for a version. */
export function microversionHeaders(version: string | undefined): Readonly<Record<string, string>> {
  if (version === undefined) return {};
  return atLeastVersion(version, microversionOf.header)
    ? { 'openstack-api-version': `compute ${version}` }
    : { 'x-openstack-nova-api-version': version };
}
