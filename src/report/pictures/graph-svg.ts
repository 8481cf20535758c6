// The connection graph as a picture: the machine in the middle, who came to it on the left, whom it called on the right.
// Two columns instead of a ring: every label is horizontal and none covers another.
import { label, picture, round } from './svg.ts';

/** One peer. */
export interface GraphPeer {
  /** Address, name, or "12 others". */
  readonly name: string;
  /** Second line: service, count, time. */
  readonly traffic: string;
  /** Orders of magnitude of the traffic, 0 to 1: the width of the line. */
  readonly weight: number;
  /** In a finding of this severity, drawn in its colour. */
  readonly severity?: string | undefined;
  /** Nothing came back: drawn dashed. */
  readonly unanswered?: boolean;
}

export interface Graph {
  readonly machine: string;
  /** Peers that connected to the machine. */
  readonly inbound: readonly GraphPeer[];
  /** Peers that the machine connected to. */
  readonly outbound: readonly GraphPeer[];
}

const width = 1000;
const boxWidth = 290;
const boxHeight = 38;
const gap = 10;
const middleWidth = 190;

function column(peers: readonly GraphPeer[], height: number, isLeft: boolean): string {
  const used = peers.length * (boxHeight + gap) - gap;
  const begin = (height - used) / 2;
  const x = isLeft ? 2 : width - boxWidth - 2;
  const middle = height / 2;
  return peers
    .map((peer, i) => {
      const y = begin + i * (boxHeight + gap);
      const tone = peer.severity ?? 'plain';
      const [ax, ay] = isLeft ? [x + boxWidth, y + boxHeight / 2] : [x, y + boxHeight / 2];
      const [bx, by] = isLeft
        ? [(width - middleWidth) / 2 - 6, middle + (i - (peers.length - 1) / 2) * 3]
        : [(width + middleWidth) / 2, middle + (i - (peers.length - 1) / 2) * 3];
      const bend = (ax + bx) / 2;
      // From who connects to who is connected to, so that the arrow head shows the direction.
      const [fx, fy, tx, ty] = isLeft ? [ax, ay, bx, by] : [bx, by, ax - 6, ay];
      const dashed = peer.unanswered === true ? ' stroke-dasharray="5 4"' : '';
      return `<path class="edge ${tone}" d="M${round(fx)} ${round(fy)}C${round(bend)} ${round(fy)} ${round(bend)} ${round(ty)} ${round(tx)} ${round(ty)}" stroke-width="${round(1 + 3 * peer.weight)}" marker-end="url(#arrow)"${dashed}/><rect class="box ${tone}" x="${x}" y="${round(y)}" width="${boxWidth}" height="${boxHeight}" rx="6"/><text class="peer" x="${x + 10}" y="${round(y + 16)}">${label(peer.name, 36)}</text><text class="traffic" x="${x + 10}" y="${round(y + 31)}">${label(peer.traffic, 46)}</text>`;
    })
    .join('');
}

/** The picture. `id` tells several in one page apart. */
export function graphSvg(id: string, graph: Graph, title: string): string {
  const rows = Math.max(graph.inbound.length, graph.outbound.length, 2);
  const height = rows * (boxHeight + gap) + 24;
  const y = height / 2 - 28;
  const x = (width - middleWidth) / 2;
  const arrow =
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="arrow" d="M0 0L8 4L0 8z"/></marker></defs>';
  const middle = `<rect class="machine" x="${x}" y="${round(y)}" width="${middleWidth}" height="56" rx="8"/><text class="machine-text" x="${width / 2}" y="${round(y + 33)}" text-anchor="middle">${label(graph.machine, 24)}</text>`;
  const description = [
    ...graph.inbound.map((peer) => `${peer.name} → ${graph.machine}: ${peer.traffic}`),
    ...graph.outbound.map((peer) => `${graph.machine} → ${peer.name}: ${peer.traffic}`),
  ].join('; ');
  const body = arrow + column(graph.inbound, height, true) + column(graph.outbound, height, false) + middle;
  return picture(id, width, height, title, description, body);
}
