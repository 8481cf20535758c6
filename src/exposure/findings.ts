// Open ports that nobody stands for, as findings like those of the detectors (D49): they go into the same files and cases.
import { hashText } from '../base/text-hash.ts';
import { epochMicros } from '../base/units.ts';
import type { ExposedPort } from '../model/exposure.ts';
import { isStanding } from '../model/exposure.ts';
import type { Evidence, Finding } from '../model/finding.ts';
import { riskWord } from './wording.ts';

export const exposureDetector = 'D49-exposed-service';

const maxFindings = 20_000;
const titles = {
  unowned: 'Open port on an address that nobody owns',
  found: 'Open port that the Internet has found',
  risky: 'Dangerous service open to the Internet',
  plain: 'Open port that no policy allows',
};
const foundBySources = 20;

function titleOf(one: ExposedPort): string {
  if (one.owner.verdict === 'unowned') return titles.unowned;
  if ((one.observed?.sources ?? 0) >= foundBySources) return titles.found;
  return one.riskClass === undefined ? titles.plain : titles.risky;
}

/** How sure: open is open; who it is may be in doubt. */
function confidenceOf({ owner }: ExposedPort): number {
  if (owner.verdict === 'ambiguous') return Math.min(0.9, owner.candidates[0]?.confidence ?? 0.5);
  return owner.verdict === 'unknown' ? 0.7 : 0.95;
}

/** Plain JSON of anything that has only plain JSON in it. */
const plain = (value: unknown): Evidence => JSON.parse(JSON.stringify(value ?? null)) as Evidence;

function findingOf(one: ExposedPort, seenAt: string): Finding {
  const { address, protocol, port, owner, observed } = one;
  const id = `${exposureDetector}-${hashText(`|${address}|${owner.key}|${protocol}/${port}`).toString(16).padStart(14, '0')}`;
  return {
    schema: 1,
    id,
    detector: exposureDetector,
    title: titleOf(one),
    severity: one.severity,
    confidence: confidenceOf(one),
    subject: {
      address,
      ...(owner.name !== undefined && owner.verdict === 'one' && { machine: owner.name }),
      ...(owner.project !== undefined && { project: owner.project }),
    },
    peers: (observed?.sampleSources ?? []).map((source) => ({ address: source })),
    firstSeen: epochMicros(Date.parse(one.since) * 1000),
    lastSeen: epochMicros(Date.parse(seenAt) * 1000),
    count: one.runs,
    summary: `${address} shows ${protocol}/${port}${one.service === '' ? '' : ` (${one.service})`}${riskWord(one)} to the outside in ${one.runs} scan${one.runs === 1 ? '' : 's'}`,
    evidence: {
      ...{ protocol, port, service: one.service, reason: one.reason, ruling: one.ruling, riskClass: one.riskClass ?? null },
      owner: plain({ verdict: owner.verdict, kind: owner.kind, id: owner.id, user: owner.user, router: owner.router, host: owner.host }),
      intended: plain(one.intended),
      observed: plain(observed),
      serviceSaid: plain(one.evidence),
      sourcesThreshold: foundBySources,
    },
    attack: ['T1133', 'T1190'],
    benign: ['a public service that is meant to be: let its owner accept it with a date (vedette exposure accept)'],
    blindSpots: [
      'the scan sees what its own address may reach: the Internet may see more or less',
      ...(observed === undefined ? ['no records of connections were given: whether anybody has used it is not known'] : []),
      ...owner.caveats,
    ],
    records: observed?.uids ?? [],
  };
}

/** One finding for each open port that nobody stands for, gravest first. */
export const exposureFindings = (exposures: readonly ExposedPort[], seenAt: string): Finding[] =>
  exposures
    .filter(isStanding)
    .slice(0, maxFindings)
    .map((one) => findingOf(one, seenAt));
