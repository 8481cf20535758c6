// What was measured, joined with whose it is, what was intended and what was observed → open ports, gravest first.

import type {
  Acceptance,
  ExposedPort,
  ExposureOwner,
  IntendedView,
  MeasuredHost,
  MeasuredPort,
  ObservedView,
  Transport,
} from '../model/exposure.ts';
import { isStanding } from '../model/exposure.ts';
import type { Severity } from '../model/finding.ts';
import { severities } from '../model/finding.ts';
import { type Policy, ruleOn } from './policy.ts';
import { riskClassOf } from './risk-classes.ts';

/** Most open ports told of one address; what has more answers everything, whatever is asked. */
export const maxPortsOfHost = 256;
/** Different outside clients from which on an open port counts as found. D49 in spec, field §6. */
const foundBySources = 20;

/** One end that was measured. */
export interface End {
  readonly address: string;
  readonly protocol: Transport;
  readonly port: number;
}

/** The answers that an assessment needs; made from an inventory and from records by the workflow. */
export interface AssessmentViews {
  owner(end: End): ExposureOwner;
  intended(end: End, owner: ExposureOwner): IntendedView;
  /** undefined when no records were given. */
  observed: ((end: End) => ObservedView | undefined) | undefined;
}

export interface AssessmentInput {
  readonly hosts: Iterable<MeasuredHost>;
  readonly views: AssessmentViews;
  readonly policy: Policy;
  readonly acceptances: readonly Acceptance[];
  /** The report before, for how long a port has been open. */
  readonly previous: readonly ExposedPort[];
  readonly startedAt: string;
  readonly now: Date;
}

/** The same port of the same owner. */
export const exposureKey = ({ address, protocol, port, owner }: ExposedPort): string => `${address}|${protocol}|${port}|${owner.key}`;

/** Who is told first: nobody's, then what is left over, then what is not known, then the rest. */
function ownerRank({ verdict, kind }: ExposureOwner): number {
  if (verdict === 'unowned') return 0;
  if (kind === 'floating' || kind === 'port') return 1;
  return verdict === 'ambiguous' ? 2 : 3;
}

/** High is for what nobody owns; of a machine, an open port alone does not say that it is compromised. */
function severityOf(one: Pick<ExposedPort, 'ruling' | 'owner' | 'riskClass' | 'intended' | 'observed'>): Severity {
  if (!isStanding(one as ExposedPort)) return 'info';
  if (one.owner.verdict === 'unowned') return 'high';
  const isOdd = one.owner.kind !== undefined && one.owner.kind !== 'machine' && one.owner.kind !== 'load-balancer';
  const isFound = (one.observed?.sources ?? 0) >= foundBySources;
  return isOdd || one.riskClass !== undefined || one.intended.verdict === 'closed' || isFound ? 'medium' : 'low';
}

/** Open ports of all hosts. */
export function assess(input: AssessmentInput): ExposedPort[] {
  const before = new Map(input.previous.map((one) => [exposureKey(one), one]));
  const found: ExposedPort[] = [];
  for (const host of input.hosts) {
    const open = host.ports.filter(({ state }) => state === 'open').slice(0, maxPortsOfHost);
    for (const measured of open) found.push(exposedPort(host.address, measured, input, before));
  }
  return found.sort(graver);
}

function exposedPort(
  address: string,
  measured: MeasuredPort,
  input: AssessmentInput,
  before: ReadonlyMap<string, ExposedPort>,
): ExposedPort {
  const { views, policy, acceptances, now, startedAt } = input;
  const { protocol, port, service, product, version, reason, evidence } = measured;
  const end = { address, protocol, port };
  const owner = views.owner(end);
  const riskClass = riskClassOf(policy.riskClasses, protocol, port)?.name;
  const observed = views.observed?.(end);
  const draft = {
    ...end,
    service: evidence?.ssh !== undefined ? 'ssh' : service,
    ...(product !== undefined && { product }),
    ...(version !== undefined && { version }),
    reason,
    owner,
    ...(riskClass !== undefined && { riskClass }),
    ...ruleOn({ ...end, owner }, policy, acceptances, now),
    intended: views.intended(end, owner),
    ...(observed !== undefined && { observed }),
    ...(evidence !== undefined && { evidence }),
  };
  const earlier = before.get(exposureKey(draft as ExposedPort));
  return { ...draft, severity: severityOf(draft), since: earlier?.since ?? startedAt, runs: (earlier?.runs ?? 0) + 1 };
}

function graver(a: ExposedPort, b: ExposedPort): number {
  return (
    Number(isStanding(b)) - Number(isStanding(a)) ||
    ownerRank(a.owner) - ownerRank(b.owner) ||
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    (a.address === b.address ? a.port - b.port : a.address.localeCompare(b.address, 'en', { numeric: true }))
  );
}
