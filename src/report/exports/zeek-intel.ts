// iocs.intel: a file for Zeek's intelligence framework (Intel::read_files). Tab-separated; a dash is an unset field.

import { visible } from '../../base/visible.ts';
import type { Indicator, IndicatorKind } from '../indicators.ts';

/** Intel::Type of Zeek by kind. The endpoint is ours and JA4 has no type in stock Zeek: those are left out. */
const types: Partial<Readonly<Record<IndicatorKind, string>>> = {
  address: 'Intel::ADDR',
  domain: 'Intel::DOMAIN',
  url: 'Intel::URL',
  sha256: 'Intel::FILE_HASH',
  'user-agent': 'Intel::SOFTWARE',
};

const field = (text: string): string => {
  const shown = visible(text).trim();
  return shown === '' ? '-' : shown;
};

/** Zeek compares URLs without their scheme. */
const intelValue = ({ kind, value }: Indicator): string => (kind === 'url' ? value.replace(/^[a-z]+:\/\//i, '') : value);

/** The whole file; one line an indicator, addresses once whatever their ports. */
export function zeekIntel(indicators: readonly Indicator[]): string {
  const lines = new Map<string, string>();
  for (const one of indicators) {
    const type = types[one.kind];
    if (type === undefined || /[\t\n\r]/.test(one.value)) continue;
    const description = `${[...new Set(one.findings.map(({ title }) => title))].join('; ')} (pyramid of pain: ${one.worth}, confidence ${one.confidence.toFixed(2)})`;
    const cells = [intelValue(one), type, 'vedette', description, '-'];
    lines.set(`${type}|${intelValue(one)}`, cells.map(field).join('\t'));
  }
  return `#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url\n${[...lines.values()].map((line) => `${line}\n`).join('')}`;
}
