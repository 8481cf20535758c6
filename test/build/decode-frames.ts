// Decodes frames and keeps what came out, with a small flow table for carriers.

import type { CarrierFlow } from '../../src/engine/wire/carrier.ts';
import { Decoder, type DecoderOptions } from '../../src/engine/wire/decoder.ts';
import type { Packet } from '../../src/engine/wire/packet.ts';
import { addressText } from '../../src/engine/wire/tunnels.ts';
import type { CapturePoint } from '../../src/model/packet-batch.ts';
import { batchOf, capturePoint, type Taken } from './frames.ts';

/** What the tests look at of one packet. */
export interface Seen {
  readonly source: string;
  readonly target: string;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly context: number;
  readonly text: string | undefined;
  readonly depth: number;
  readonly parents: readonly string[];
  readonly payloadBytes: number;
  readonly missing: number;
  readonly ipLength: number;
  readonly vlan: number;
  readonly innerVlan: number;
  readonly number: number;
}

interface TestFlow extends CarrierFlow {
  client: string;
  service: string;
  rejected: string;
}

export interface Decoded {
  readonly decoder: Decoder;
  readonly packets: readonly Seen[];
  readonly weirds: readonly string[];
  /** Rows by log. */
  readonly rows: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  readonly flows: ReadonlyMap<string, TestFlow>;
  /** Pairs of contexts that were united. */
  readonly united: readonly (readonly [number, number])[];
}

const port = (packet: Packet, offset: number): number =>
  packet.end - packet.l4Start >= 4 && (packet.protocol === 6 || packet.protocol === 17)
    ? packet.bytes.view.getUint16(packet.l4Start + offset)
    : 0;

function seen(packet: Packet, text: string | undefined): Seen {
  return {
    source: addressText(packet.s0, packet.s1, packet.s2, packet.s3),
    target: addressText(packet.d0, packet.d1, packet.d2, packet.d3),
    protocol: packet.protocol,
    sourcePort: port(packet, 0),
    targetPort: port(packet, 2),
    context: packet.context,
    text,
    depth: packet.tunnelDepth,
    parents: packet.parents.slice(0, packet.tunnelDepth),
    payloadBytes: packet.end - packet.l4Start,
    missing: packet.missing,
    ipLength: packet.ipLength,
    vlan: packet.vlan,
    innerVlan: packet.innerVlan,
    number: packet.number,
  };
}

/** Flows by unordered tuple and context; the server is who has the lower port. */
class TestFlows {
  readonly byKey = new Map<string, TestFlow>();

  of(packet: Seen): { flow: TestFlow; fromClient: boolean } {
    const source = `${packet.source}:${packet.sourcePort}`;
    const target = `${packet.target}:${packet.targetPort}`;
    const key = `${packet.context}|${[source, target].sort().join('|')}|${packet.protocol}`;
    let flow = this.byKey.get(key);
    if (flow === undefined) {
      flow = newFlow(`C${this.byKey.size + 1}`, packet);
      this.byKey.set(key, flow);
    }
    return { flow, fromClient: flow.client === source };
  }
}

function newFlow(uid: string, packet: Seen): TestFlow {
  const sourceIsClient = packet.sourcePort >= packet.targetPort;
  const flow: TestFlow = {
    uid,
    transport: 'udp',
    serverPort: Math.min(packet.sourcePort, packet.targetPort),
    carrierState: 0,
    client: sourceIsClient ? `${packet.source}:${packet.sourcePort}` : `${packet.target}:${packet.targetPort}`,
    service: '',
    rejected: '',
    confirm: (service) => {
      flow.service = service;
    },
    reject: (reason) => {
      flow.rejected = reason;
    },
    weird: () => {},
  };
  return flow;
}

/** Runs frames through one decoder. @param batchSize frames per batch; all in one by default */
export function decodeFrames(
  taken: readonly (Taken | Uint8Array)[],
  points: readonly CapturePoint[] = [capturePoint()],
  options: Partial<DecoderOptions> & { readonly batchSize?: number } = {},
): Decoded {
  const packets: Seen[] = [];
  const weirds: string[] = [];
  const rows: (readonly [string, Readonly<Record<string, unknown>>])[] = [];
  const united: (readonly [number, number])[] = [];
  const flows = new TestFlows();
  const decoder = new Decoder({
    events: { weird: (name, _addl, _source, _packet, addressed) => weirds.push(addressed ? `${name}@` : name) },
    sink: { emit: (name, row) => void rows.push([name, row]) },
    onUnited: (from, to) => united.push([from, to]),
    ...options,
  });
  const all = taken.map((one) => (one instanceof Uint8Array ? { frame: one } : one));
  const size = options.batchSize ?? all.length;
  for (let first = 0; first < all.length; first += size) {
    const batch = batchOf(all.slice(first, first + size), 1_600_000_000_000_000 + first * 1000);
    for (let i = 0; i < batch.count; i++) {
      const point = points[batch.points[i] ?? 0] ?? capturePoint();
      for (let more = decoder.decode(batch, i, point); more; ) {
        const packet = seen(decoder.packet, decoder.contexts.text(decoder.packet.context));
        packets.push(packet);
        const { flow, fromClient } = flows.of(packet);
        more = decoder.next(flow, fromClient);
      }
    }
  }
  return { decoder, packets, weirds, rows, flows: flows.byKey, united };
}
