// The verdict: which machine, what it did, how sure, since when.
import { type Block, type Inline, paragraph, strong } from '../document.ts';
import { instant } from '../values.ts';
import { type Accused, nameOf } from '../verdict.ts';
import { anchorOf, badge, type SectionContext, titleOf } from './context.ts';

const maxMachines = 20;
const maxTitles = 8;

/** Links to the findings that accuse, one a title with how many there are. */
function titles({ messages }: SectionContext, { findings }: Accused): Inline[] {
  const byTitle = new Map<string, { id: string; count: number }>();
  for (const { id, title } of findings) {
    const known = byTitle.get(title);
    if (known === undefined) byTitle.set(title, { id, count: 1 });
    else known.count++;
  }
  return [...byTitle]
    .slice(0, maxTitles)
    .flatMap(([title, { id, count }], i): Inline[] => [
      ...(i > 0 ? [', '] : []),
      { kind: 'link', text: titleOf(messages, title) + (count > 1 ? ` (${count})` : ''), to: anchorOf(id) },
    ]);
}

function guiltyBlocks(context: SectionContext): Block[] {
  const { guilty, messages, values } = context;
  const m = messages.verdict;
  const [only] = guilty;
  if (guilty.length === 1 && only !== undefined) {
    const gravest = only.findings[0];
    return [
      ...(gravest === undefined
        ? []
        : [paragraph(badge(messages, gravest.severity), ' ', strong(titleOf(messages, gravest.title)), `: ${gravest.summary}`)]),
      {
        kind: 'facts',
        rows: [
          [m.shown, titles(context, only)],
          [m.when, `${instant(only.firstSeen)} – ${instant(only.lastSeen)} UTC`],
          [m.confidence, values.confidence(only.confidence)],
        ],
      },
    ];
  }
  return [
    {
      kind: 'table',
      head: [m.machine, m.how, m.when, m.confidence],
      numeric: [3],
      rows: guilty
        .slice(0, maxMachines)
        .map((one) => [
          [strong(nameOf(one))],
          titles(context, one),
          `${instant(one.firstSeen)} – ${instant(one.lastSeen)}`,
          values.confidence(one.confidence),
        ]),
    },
  ];
}

/** The opening block of the report. */
export function verdictBlock(context: SectionContext): Block {
  const { investigation, guilty, messages } = context;
  const { verdict: m, report } = messages;
  const { firstAt, lastAt, partial, findings } = investigation;
  const span =
    firstAt === 0
      ? report.nothingRead
      : `${report.span(instant(firstAt), instant(lastAt), context.values.span((lastAt - firstAt) / 1e6))} ${report.utc}`;
  const [only] = guilty;
  const headline = only === undefined ? m.none : guilty.length === 1 ? m.one(nameOf(only)) : m.many(guilty.length);
  return {
    kind: 'verdict',
    tone: guilty.length > 0 ? 'bad' : partial === undefined ? 'good' : 'warn',
    headline,
    body: [
      ...(partial === undefined ? [] : [paragraph(strong(report.partial(partial)))]),
      ...(only === undefined
        ? [paragraph(m.noneBody), ...(findings.length > 0 ? [paragraph(m.noneButFindings(findings.length))] : [])]
        : [...guiltyBlocks(context), paragraph({ kind: 'muted', text: m.truthNote })]),
      paragraph({ kind: 'muted', text: span }),
    ],
  };
}
