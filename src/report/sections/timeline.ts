// The time line of findings, fetched tools and attack requests: as a picture, and as a table for those who do not see it.
import { atLeast } from '../../model/finding.ts';
import { type Block, heading, muted, paragraph } from '../document.ts';
import { type TimelineEvent, timelineSvg } from '../pictures/timeline-svg.ts';
import { isToolFetch } from '../roles.ts';
import { instant } from '../values.ts';
import { type SectionContext, titleOf } from './context.ts';

const maxLanes = 30;
const maxDownloads = 8;

function eventsOf({ investigation, messages }: SectionContext): TimelineEvent[] {
  const m = messages.timeline;
  const graveFirst = investigation.findings.filter(({ finding }) => atLeast(finding.severity, 'low'));
  const findings = graveFirst.slice(0, maxLanes - maxDownloads).map(
    ({ finding }): TimelineEvent => ({
      from: finding.firstSeen,
      to: finding.lastSeen,
      severity: finding.severity,
      text: titleOf(messages, finding.title),
      who: [finding.subject.machine ?? finding.subject.address, finding.peers.length === 1 ? `→ ${finding.peers[0]?.address ?? ''}` : '']
        .join(' ')
        .trim(),
    }),
  );
  const accused = new Set(investigation.findings.map(({ finding }) => finding.subject.address));
  // A finding of a fetched tool tells of its download already.
  const told = new Set(investigation.findings.filter(({ finding }) => isToolFetch(finding)).flatMap(({ finding }) => finding.records));
  const fetched = investigation.observations.downloads
    .filter(({ rank, to, uid }) => rank === 0 && accused.has(to) && !told.has(uid))
    .slice(0, maxDownloads)
    .map(
      ({ at, to, from, url, mime }): TimelineEvent => ({
        from: at,
        to: at,
        severity: 'info',
        text: `${m.download} ${url ?? mime ?? ''}`,
        who: `${to} ← ${from}`,
      }),
    );
  return [...findings, ...fetched].sort((a, b) => a.from - b.from || b.to - a.to);
}

/** The section; without events it only says so. */
export function timelineBlocks(context: SectionContext): Block[] {
  const { messages, investigation } = context;
  const m = messages.timeline;
  const events = eventsOf(context);
  const title = heading(2, m.title, 'timeline');
  if (events.length === 0) return [title, paragraph(m.none)];
  const from = instant(Math.min(...events.map((event) => event.from)));
  const to = instant(Math.max(...events.map((event) => event.to)));
  const left = investigation.findings.filter(({ finding }) => atLeast(finding.severity, 'low')).length - (maxLanes - maxDownloads);
  return [
    title,
    { kind: 'picture', svg: timelineSvg(events, m.title), caption: m.caption(from, to, events.length) },
    ...(left > 0 ? [paragraph(muted(m.more(left)))] : []),
    {
      kind: 'details',
      summary: messages.asTable,
      body: [
        {
          kind: 'table',
          head: [m.from, m.to, m.event, messages.verdict.machine],
          rows: events.map((event) => [instant(event.from, true), instant(event.to, true), event.text, event.who]),
        },
      ],
    },
  ];
}
