// The survey of a cloud as a person reads it.
import type { CheckCloudResult } from '../../workflows/check-cloud.ts';

/** Names and messages come from the cloud: no control characters of theirs reach the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we look for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

const row = (label: string, value: string): string => `${label.padEnd(12)}${value.replace(control, ' ')}\n`;

function serviceText({ url, version, offers, problem, latencyMs }: CheckCloudResult['services'][number]): string {
  if (problem !== undefined) return `${url === undefined ? '' : `${url}  `}FAILS: ${problem}`;
  const versions = version === undefined ? '' : `  version ${version}${offers === undefined ? '' : ` of ${offers}`}`;
  return `${url ?? ''}${versions}  ${latencyMs ?? 0} ms`;
}

/** `+0.3 s (± 0.5 s)`. */
function clockText({ clockOffsetMs, clockErrorMs = 0 }: CheckCloudResult): string {
  if (clockOffsetMs === undefined) return 'unknown: no answer had a date';
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const isOff = Math.abs(clockOffsetMs) > clockErrorMs + 1000;
  const offset = `${clockOffsetMs < 0 ? '' : '+'}${seconds(clockOffsetMs)} s (± ${seconds(clockErrorMs)} s) from ours`;
  return isOff ? `${offset}: set both by NTP, or times of findings and of the cloud will not agree` : offset;
}

const changes: Readonly<Record<CheckCloudResult['mayChange'], string>> = {
  'every project': 'what is in any project',
  'own project': 'what is in its own project',
  'perhaps own project': 'nothing, or with older policies what is in its own project',
  nothing: 'nothing',
};

/** The whole text, ending in a line end. */
export function cloudSummary(result: CheckCloudResult): string {
  const { identity, scope, services, kinds, gaps, mayChange } = result;
  const seen = (sees: string): string =>
    kinds
      .filter((one) => one.sees === sees)
      .map(({ kind }) => kind)
      .join(', ') || 'nothing';
  return [
    row('cloud', result.cloud),
    row(
      'user',
      `${identity.userName}, scope ${scope}, roles ${identity.roles.join(', ') || 'none'}${identity.isAdmin ? ' (administrator)' : ''}`,
    ),
    row('token', result.tokenExpiresAt === undefined ? 'has no end' : `until ${result.tokenExpiresAt}`),
    row('clock', clockText(result)),
    ...services.map((service) => row(service.type, serviceText(service))),
    row('sees all of', seen('everything')),
    row('in part', seen('part')),
    row('not at all', seen('nothing')),
    row('may change', `${changes[mayChange]} (by the usual policies)`),
    ...gaps.map(({ kind, reason, detail }) => row('gap', `${kind}: ${reason}: ${detail}`)),
  ].join('');
}
