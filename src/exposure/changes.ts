// What changed from one report to the next, in the words of those who have to act: only ports that nobody stands for are told.
import { type ExposedPort, type ExposureChange, type ExposureReport, isStanding } from '../model/exposure.ts';

/** What a later scan looked at, so that silence about the rest is not taken for "closed". */
export interface Coverage {
  has(address: string, protocol: 'tcp' | 'udp', port: number): boolean;
}

const endOf = ({ address, protocol, port }: ExposedPort): string => `${address}|${protocol}|${port}`;

/** New ones first, then expired, changed and gone; each in the order of its report. */
export function changesBetween(
  before: Pick<ExposureReport, 'exposures'> | undefined,
  after: Pick<ExposureReport, 'exposures'>,
  covered: Coverage,
): ExposureChange[] {
  const earlier = new Map((before?.exposures ?? []).map((one) => [endOf(one), one]));
  const later = new Map(after.exposures.map((one) => [endOf(one), one]));
  const changes: ExposureChange[] = [];
  for (const exposure of after.exposures.filter(isStanding)) {
    const change = changeOf(earlier.get(endOf(exposure)), exposure);
    if (change !== undefined) changes.push(change);
  }
  const gone = (before?.exposures ?? []).filter(
    (one) => isStanding(one) && !later.has(endOf(one)) && covered.has(one.address, one.protocol, one.port),
  );
  const order = ['new', 'expired', 'changed', 'gone'];
  return [...changes, ...gone.map((exposure) => ({ change: 'gone' as const, exposure }))].sort(
    (a, b) => order.indexOf(a.change) - order.indexOf(b.change),
  );
}

function changeOf(earlier: ExposedPort | undefined, exposure: ExposedPort): ExposureChange | undefined {
  if (earlier === undefined) return { change: 'new', exposure };
  if (earlier.owner.key !== exposure.owner.key) {
    return { change: 'changed', exposure, detail: `was ${earlier.owner.name ?? 'nobody'}'s` };
  }
  if (exposure.ruling === 'expired' && earlier.ruling !== 'expired') return { change: 'expired', exposure };
  if (!isStanding(earlier)) return { change: 'changed', exposure, detail: `was ${earlier.ruling}` };
  return undefined;
}
