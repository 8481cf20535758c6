// What a terminal shows after an analysis, as lines without colour: the verdict first, then each finding in a few lines.

import { visible } from '../base/visible.ts';
import type { Finding, Severity } from '../model/finding.ts';
import { attributionLines } from './attribution-lines.ts';
import type { InputFact } from './investigation.ts';
import { messagesIn, translated } from './messages/index.ts';
import { instant, type Language, Values } from './values.ts';
import { accused, nameOf } from './verdict.ts';

/** One line. `severity` colours its first word where there are colours. */
export interface SummaryLine {
  readonly text: string;
  readonly severity?: Severity;
}

/** What the summary is made from. */
export interface SummaryFacts {
  readonly language: Language;
  readonly partial: string | undefined;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly inputs: readonly InputFact[];
  readonly findings: readonly Finding[];
  /** Nothing was judged. */
  readonly onlyLogs?: boolean;
  readonly isOurs: (address: string) => boolean;
  readonly outDirectory: string | undefined;
}

/** Findings listed; the rest is counted. */
const maxShown = 20;
const maxNamed = 5;
const maxSummary = 400;

/** The lines, in order. Nothing in them steers a terminal. */
export function summaryLines(facts: SummaryFacts): SummaryLine[] {
  const messages = messagesIn(facts.language);
  const m = messages.summary;
  const values = new Values(facts.language);
  const guilty = accused(facts.findings, facts.isOurs);
  const named = guilty.slice(0, maxNamed).map(nameOf).join(', ') + (guilty.length > maxNamed ? ', …' : '');
  const rest = facts.findings.length - maxShown;
  const plain = (text: string): SummaryLine => ({ text: visible(text) });
  const finding = (one: Finding): SummaryLine[] => {
    const { subject, severity, detector, firstSeen, lastSeen, confidence } = one;
    const who = [subject.machine, subject.address, subject.context && `(${subject.context})`].filter(Boolean).join(' ');
    const title = translated(messages, one.title);
    const word = messages.severities[severity].toUpperCase().padEnd(8);
    const text = `${word} ${who}  ${title}  [${detector}, ${m.confidence(values.number(confidence, 2))}]`;
    return [
      { text: visible(text), severity },
      plain(`         ${visible(one.summary, maxSummary)}`),
      ...(one.attribution === undefined ? [] : attributionLines(messages, values, one.attribution)).map((line) =>
        plain(`         ${visible(line, maxSummary)}`),
      ),
      plain(`         ${m.span(instant(firstSeen), instant(lastSeen))}`),
      plain(''),
    ];
  };
  return [
    ...(facts.partial === undefined ? [] : [plain(m.partial(facts.partial))]),
    plain(facts.onlyLogs === true ? m.notJudged : guilty.length === 0 ? m.verdictNone : m.verdictSome(guilty.length, named)),
    plain(''),
    ...facts.findings.slice(0, maxShown).flatMap(finding),
    ...(rest > 0 ? [plain(m.further(rest)), plain('')] : []),
    plain(facts.firstAt === 0 ? m.readNothing : m.read(instant(facts.firstAt), instant(facts.lastAt))),
    ...facts.inputs.flatMap((input) => inputLines(input, m, values).map(plain)),
    plain(writtenLine(facts, m)),
  ];
}

function writtenLine({ outDirectory, onlyLogs }: SummaryFacts, m: ReturnType<typeof messagesIn>['summary']): string {
  if (outDirectory === undefined) return m.notWritten;
  return onlyLogs === true ? m.writtenLogs(outDirectory) : m.written(outDirectory);
}

function inputLines(input: InputFact, m: ReturnType<typeof messagesIn>['summary'], values: Values): string[] {
  const count = values.number(input.count);
  const what = input.kind === 'capture' ? m.packets(count, input.count === 1) : m.rows(count, input.count === 1);
  const cut = input.truncatedPackets > 0 ? `, ${m.cut(values.number(input.truncatedPackets))}` : '';
  const lost = input.reportedDrops > 0 ? `, ${m.lost(values.number(input.reportedDrops))}` : '';
  return [`  ${input.source}: ${what}${cut}${lost}`, ...input.damages.map((message) => `    ${m.damaged(message)}`)];
}
