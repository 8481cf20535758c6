// Whose the ends of a finding were: candidates with their reasons, what was open, and what the inventory could not show.
import type { Attribution, Candidate, Exposure, FindingAttribution } from '../../model/attribution.ts';
import { type Block, code, heading, type Line, muted, strong } from '../document.ts';
import { instant } from '../values.ts';
import type { SectionContext } from './context.ts';

const maxCandidates = 5;
const maxPeers = 8;

function candidateBlock({ messages, values }: SectionContext, candidate: Candidate): Block {
  const m = messages.attribution;
  const {
    kind,
    name,
    id,
    projectName,
    projectId,
    userName,
    userId,
    host,
    routerName,
    floatingAddress,
    networkName,
    imageName,
    keypair,
    mac,
  } = candidate;
  const facts: (readonly [label: string, value: Line | undefined])[] = [
    [m.holder, [`${m.kinds[kind]} `, strong(name), muted(` ${id}`)]],
    [m.project, projectName ?? projectId],
    [m.owner, userName ?? userId],
    [m.host, host],
    [m.network, networkName],
    [m.router, kind === 'router' ? undefined : routerName],
    [m.floating, floatingAddress],
    [m.mac, mac && [code(mac)]],
    [m.image, imageName],
    [m.keypair, keypair],
    [m.certainty, values.confidence(candidate.confidence)],
    [m.because, candidate.reasons.join('; ')],
  ];
  return { kind: 'facts', rows: facts.filter((fact): fact is readonly [string, Line] => fact[1] !== undefined && fact[1] !== '') };
}

/** `10.0.1.12:3000: open: tcp 3000 from 0.0.0.0/0 (group web)` */
function exposureLine({ messages }: SectionContext, end: string, { verdict, rules }: Exposure): Line {
  const applying = rules.filter(({ applies }) => applies).map(({ text }) => text);
  return [strong(end), `: ${messages.attribution.exposure[verdict]}${applying.length === 0 ? '' : ` – ${applying.join('; ')}`}`];
}

function endBlocks(context: SectionContext, end: string, { verdict, candidates, caveats }: Attribution): Block[] {
  const m = context.messages.attribution;
  return [
    { kind: 'paragraph', text: [strong(end), `: ${m.verdicts[verdict]}`] },
    ...candidates.slice(0, maxCandidates).map((candidate) => candidateBlock(context, candidate)),
    ...(caveats.length === 0 ? [] : [{ kind: 'list', items: caveats.map((caveat): Line => [muted(`${m.mind}: `), caveat]) } as const]),
  ];
}

/** The part of a finding's card. */
export function attributionBlocks(context: SectionContext, address: string, { at, subject, peers }: FindingAttribution): Block[] {
  const m = context.messages.attribution;
  const endOf = (peer: FindingAttribution['peers'][number]): string =>
    peer.port === undefined ? peer.address : `${peer.address}:${peer.port}`;
  const exposures = peers.flatMap((peer) => (peer.exposure === undefined ? [] : [exposureLine(context, endOf(peer), peer.exposure)]));
  // An outside end that nobody holds needs no words where others are named.
  const isOutside = subject.candidates.length === 0 && !context.investigation.isOurs(address);
  const body: Block[] = [
    ...(isOutside ? [] : endBlocks(context, address, subject)),
    ...peers
      .slice(0, maxPeers)
      .filter(({ attribution }) => attribution.candidates.length > 0)
      .flatMap((peer) => endBlocks(context, endOf(peer), peer.attribution)),
    ...(exposures.length === 0 ? [] : [{ kind: 'paragraph', text: [m.exposures] } as const, { kind: 'list', items: exposures } as const]),
  ];
  return body.length === 0 ? [] : [heading(4, [`${m.title} `, muted(m.asOf(instant(at)))]), ...body];
}
