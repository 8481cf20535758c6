// docs/reference/actions.md, from what each action declares of itself.

import { actions } from '../../src/response/actions/index.ts';
import { cell, generated } from './markdown.ts';

type Shown = (typeof actions)[number];

function section({ name, title, permissions, reversible, ends }: Shown): string {
  const rows = permissions.map(({ service, right, when }) => `| ${service} | ${cell(right)} | ${cell(when ?? 'always')} |`);
  return `## ${name}

${title}

Can be undone: ${reversible ? 'yes' : 'no'}. Ends of the evidence: ${ends.join(', ') || 'nothing'}.

| service | right | when |
|---|---|---|
${rows.join('\n')}
`;
}

/** The page. */
export function actionsPage(): string {
  return `# Actions

${generated('src/response/actions/')}

What Vedette does to machines, and the rights that each needs, in OpenStack's words. How they are used: [containment](../guides/containment.md).

${actions.map(section).join('\n')}`;
}
