// Whose the ends of a finding were, in a line or two for a terminal.
import type { Candidate, FindingAttribution } from '../model/attribution.ts';
import type { Messages } from './messages/en.ts';
import type { Values } from './values.ts';

const maxNamed = 3;
const maxPeers = 3;

/** `machine web-1 of project shop, owner alice, on compute-1, 203.0.113.20, behind shop-edge` */
export function holderLine({ attribution: m }: Messages, candidate: Candidate): string {
  const { kind, name, projectName, projectId, userName, userId, host, floatingAddress, routerName } = candidate;
  const project = projectName ?? projectId;
  const owner = userName ?? userId;
  const parts = [
    `${m.kinds[kind]} ${name}${project === undefined ? '' : ` ${m.ofProject(project)}`}`,
    owner && m.ownedBy(owner),
    host && m.onHost(host),
    floatingAddress,
    kind !== 'router' && routerName !== undefined ? m.behind(routerName) : undefined,
  ];
  return parts.filter(Boolean).join(', ');
}

/** Lines without colour; who the subject is, who the peers of ours are, what to mind. */
export function attributionLines(messages: Messages, values: Values, { subject, peers }: FindingAttribution): string[] {
  const m = messages.attribution;
  const named = subject.candidates.slice(0, maxNamed);
  const isSure = subject.verdict === 'one' && named.length === 1;
  const candidates = named.map((one) => `${holderLine(messages, one)}${isSure ? '' : ` (${values.confidence(one.confidence)})`}`);
  const doubt = subject.verdict === 'ambiguous' || (subject.verdict === 'unknown' && named.length > 0) ? [m.verdicts[subject.verdict]] : [];
  return [
    ...(candidates.length === 0 ? [] : [candidates.join(` ${m.or} `)]),
    ...doubt,
    ...peers.slice(0, maxPeers).flatMap((peer) => {
      const [first, ...others] = peer.attribution.candidates;
      if (first === undefined || others.length > 0) return [];
      const end = peer.port === undefined ? peer.address : `${peer.address}:${peer.port}`;
      const rule = peer.exposure?.rules.find(({ applies }) => applies)?.text;
      const exposure = peer.exposure === undefined ? '' : ` – ${m.exposure[peer.exposure.verdict]}${rule === undefined ? '' : `: ${rule}`}`;
      return [`${end}: ${holderLine(messages, first)}${exposure}`];
    }),
    ...subject.caveats.slice(0, 2).map((caveat) => `${m.mind}: ${caveat}`),
  ];
}
