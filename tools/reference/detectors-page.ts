// docs/reference/detectors.md, from what each detector declares of itself.

import type { Detector } from '../../src/detect/detector.ts';
import { detectors } from '../../src/detect/detectors/index.ts';
import { bullets, cell, generated } from './markdown.ts';

function techniqueLink(id: string): string {
  return `[${id}](https://attack.mitre.org/techniques/${id.replace('.', '/')}/)`;
}

function section({ id, title, attack, reads, finds, misses, benign, investigate, sources, tunables }: Detector): string {
  const rows = Object.entries(tunables).map(
    ([name, { default: value, unit, min, max, why }]) => `| \`${name}\` | ${value} | ${cell(unit)} | ${min} to ${max} | ${cell(why)} |`,
  );
  return `## ${id}: ${title}

${finds}

Reads ${reads.map((name) => `\`${name}\``).join(', ')}. ATT&CK: ${attack.map(techniqueLink).join(', ') || 'none'}.

**What it cannot see**

${bullets(misses)}

**Innocent explanations**

${bullets(benign)}

**What to look at next**

${bullets(investigate)}

**Thresholds** (\`--tune ${id}.name=value\`)

| name | default | unit | range | where it comes from |
|---|---|---|---|---|
${rows.join('\n')}

**Sources**

${bullets(sources)}
`;
}

/** The page. */
export function detectorsPage(): string {
  const sorted = detectors.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return `# Detectors

${generated('src/detect/detectors/')}

A finding of severity high or critical about one of your own machines means: it is compromised, or it attacks others.

${sorted.map(section).join('\n')}`;
}
