// The line of findings.ndjson → a finding. Checked once here, so that everything after may trust it.
import { parseInstant } from '../base/instant.ts';
import { type Evidence, type Finding, type Peer, severities } from './finding.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);
const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

function peersOf(value: unknown): Peer[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isFields)
    .flatMap(({ address, port, name }): Peer[] =>
      typeof address !== 'string'
        ? []
        : [{ address, ...(typeof port === 'number' && { port }), ...(typeof name === 'string' && { name }) }],
    );
}

/** The inverse of `findingJson`; undefined when the line is no finding. */
export function parseFinding(line: string): Finding | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isFields(value) || value['schema'] !== 1 || !isFields(value['subject'])) return undefined;
  const { id, detector, title, summary, severity, firstSeen, lastSeen, evidence } = value;
  const { address, machine, project, context } = value['subject'];
  const grade = severities.find((one) => one === severity);
  const first = parseInstant(textOf(firstSeen) ?? '');
  const last = parseInstant(textOf(lastSeen) ?? '');
  if (typeof id !== 'string' || typeof detector !== 'string' || typeof address !== 'string') return undefined;
  if (grade === undefined || first === undefined || last === undefined) return undefined;
  return {
    ...{ schema: 1, id, detector, title: textOf(title) ?? detector, severity: grade, confidence: numberOf(value['confidence']) },
    subject: {
      address,
      ...(typeof machine === 'string' && { machine }),
      ...(typeof project === 'string' && { project }),
      ...(typeof context === 'string' && { context }),
    },
    ...{ peers: peersOf(value['peers']), firstSeen: first, lastSeen: last, count: numberOf(value['count']) },
    ...{ summary: textOf(summary) ?? '', evidence: (isFields(evidence) ? evidence : {}) as { readonly [key: string]: Evidence } },
    ...{ attack: textsOf(value['attack']), benign: textsOf(value['benign']), blindSpots: textsOf(value['blindSpots']) },
    records: textsOf(value['records']),
  };
}
