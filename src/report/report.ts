// The investigation report: the verdict, the three questions, time line, graph, findings, gaps, actions, indicators, inputs.
import type { Block, Document } from './document.ts';
import { renderHtml } from './html/render-html.ts';
import { type Indicator, indicatorsOf } from './indicators.ts';
import type { Investigation } from './investigation.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import { messagesIn } from './messages/index.ts';
import { actionBlocks, coverageBlocks, indicatorBlocks, inputBlocks } from './sections/closing.ts';
import type { SectionContext } from './sections/context.ts';
import { findingBlocks } from './sections/findings.ts';
import { graphBlocks } from './sections/graph.ts';
import { questionBlocks } from './sections/questions.ts';
import { timelineBlocks } from './sections/timeline.ts';
import { verdictBlock } from './sections/verdict.ts';
import { Values } from './values.ts';
import { accused } from './verdict.ts';

/** Headings of sections, for the contents. */
const entriesOf = (blocks: readonly Block[]): { id: string; text: string }[] =>
  blocks.flatMap((block) =>
    block.kind === 'heading' && block.level === 2 && block.id !== undefined && typeof block.text === 'string'
      ? [{ id: block.id, text: block.text }]
      : [],
  );

function documentOf(investigation: Investigation, indicators: readonly Indicator[]): Document {
  const messages = messagesIn(investigation.language);
  const context: SectionContext = {
    investigation,
    messages,
    values: new Values(investigation.language),
    guilty: accused(
      investigation.findings.map(({ finding }) => finding),
      investigation.isOurs,
    ),
    indicators,
  };
  const sections = [
    ...actionBlocks(context),
    ...questionBlocks(context),
    ...timelineBlocks(context),
    ...graphBlocks(context),
    ...findingBlocks(context),
    ...coverageBlocks(context),
    ...indicatorBlocks(context),
    ...inputBlocks(context),
  ];
  return {
    title: messages.report.title,
    language: investigation.language,
    contents: { label: messages.report.contents, entries: entriesOf(sections) },
    blocks: [verdictBlock(context), ...sections],
    footer: messages.report.footer(investigation.version),
  };
}

/** Both forms of the report and the indicators behind its exports. The same investigation gives the same bytes. */
export function reportOf(investigation: Investigation): {
  readonly html: string;
  readonly markdown: string;
  readonly indicators: readonly Indicator[];
} {
  const indicators = indicatorsOf(investigation);
  const document = documentOf(investigation, indicators);
  return { html: renderHtml(document), markdown: renderMarkdown(document), indicators };
}
