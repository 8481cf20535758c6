// The proof behind findings: rows from the logs just written, packets from the captures read once more. Bounded in both.

import type { PacketSource } from '../capture/packet-source.ts';
import { PacketWalk, type PacketWalkOptions } from '../engine/packet-walk.ts';
import type { Packet } from '../engine/wire/packet.ts';
import { packetText, payloadStart } from '../engine/wire/packet-text.ts';
import { atLeast, type Finding } from '../model/finding.ts';
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { DetectorGuide, EvidenceRow, PacketExcerpt, PacketsMissing, ProvenFinding } from '../report/investigation.ts';
import type { RecordLookup } from '../store/record-lookup.ts';
import { PacketPicker, type WantedConnection, wantedOf } from './packet-picker.ts';

/** Findings whose rows are looked up, gravest first. */
const maxFindings = 150;
/** Uids looked up for one finding. */
const maxUids = 40;
/** Rows shown of one log for one finding. */
const maxRows = 8;
/** Findings with packets, packets of one, and how many of those may be without payload. */
const maxPacketFindings = 40;
const maxPackets = 12;
const maxBarePackets = 4;
const maxBytes = 128;
/** Past the last wanted packet, microseconds, reading goes on: captures are not in strict order. */
const disorder = 10e6;

interface Gathering {
  readonly finding: Finding;
  readonly rows: Map<RecordName, Readonly<Record<string, unknown>>[]>;
  more: number;
  readonly packets: PacketExcerpt[];
  bare: number;
}

/** What the proof is collected from. */
export interface EvidenceSources {
  /** Directory with the logs. */
  readonly directory: string;
  readonly lookUp: RecordLookup;
  /** Opens the captures again; undefined when they cannot be read a second time. */
  readonly reopen: (() => Promise<PacketSource>) | undefined;
  /** Why not. */
  readonly packetsMissing: PacketsMissing | undefined;
  readonly guides: ReadonlyMap<string, DetectorGuide>;
  readonly walk?: PacketWalkOptions;
  readonly signal?: AbortSignal | undefined;
}

/** Findings with their proof, in the order given. Never throws: a report without packets is better than none. */
export async function collectEvidence(findings: readonly Finding[], sources: EvidenceSources): Promise<ProvenFinding[]> {
  const gatherings = findings.map((finding): Gathering => ({ finding, rows: new Map(), more: 0, packets: [], bare: 0 }));
  const connections = await gatherRows(gatherings.slice(0, maxFindings), sources);
  const withPackets = new Set(
    gatherings.filter(({ finding }) => finding.records.length > 0 && atLeast(finding.severity, 'low')).slice(0, maxPacketFindings),
  );
  let missing = sources.packetsMissing;
  if (sources.reopen !== undefined && withPackets.size > 0) {
    try {
      await gatherPackets(withPackets, connections, sources);
    } catch {
      missing = 'failed';
    }
  }
  return gatherings.map((one): ProvenFinding => {
    const reason =
      one.packets.length > 0 ? undefined : (missing ?? (withPackets.has(one) || one.finding.records.length === 0 ? 'none' : 'limit'));
    return {
      finding: one.finding,
      guide: sources.guides.get(one.finding.detector),
      rows: rowsOf(one),
      moreRows: one.more,
      packets: one.packets,
      ...(reason !== undefined && { packetsMissing: reason }),
    };
  });
}

const byTime = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): number => Number(a['ts']) - Number(b['ts']);

/** What a person reads first. Other logs come after, by name. */
const logOrder: readonly RecordName[] = ['conn', 'http', 'dns', 'ssl', 'quic', 'ssh', 'interaction', 'files'];

/** Log by log, each in order of time. */
function rowsOf({ rows }: Gathering): EvidenceRow[] {
  const place = (log: RecordName): number => logOrder.indexOf(log) + (logOrder.includes(log) ? 0 : 1 + logOrder.length);
  const logs = [...rows.keys()].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  return logs.flatMap((log) => [...(rows.get(log) ?? [])].sort(byTime).map((row) => ({ log, row })));
}

/** @returns the conn rows of the uids, to find their packets */
async function gatherRows(
  gatherings: readonly Gathering[],
  { directory, lookUp }: EvidenceSources,
): Promise<Map<string, WantedConnection>> {
  const wanted = new Map<string, Gathering[]>();
  for (const gathering of gatherings) {
    for (const uid of gathering.finding.records.slice(0, maxUids)) {
      const list = wanted.get(uid);
      if (list === undefined) wanted.set(uid, [gathering]);
      else list.push(gathering);
    }
  }
  const connections = new Map<string, WantedConnection>();
  const sink: RecordSink = {
    emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
      const values = row as Readonly<Record<string, unknown>>;
      const uid = String(values['uid']);
      if (name === 'conn') {
        const connection = wantedOf(values);
        if (connection !== undefined) connections.set(uid, connection);
      }
      // The conn row of the same connection comes as well and says more.
      if (name === 'open_conn') return;
      for (const gathering of wanted.get(uid) ?? []) keepRow(gathering, name, values);
    },
  };
  await lookUp(directory, new Set(wanted.keys()), sink).catch(() => undefined);
  return connections;
}

function keepRow(gathering: Gathering, name: RecordName, row: Readonly<Record<string, unknown>>): void {
  const rows = gathering.rows.get(name);
  if (rows === undefined) gathering.rows.set(name, [row]);
  else if (rows.length < maxRows) rows.push(row);
  else gathering.more++;
}

async function gatherPackets(
  gatherings: ReadonlySet<Gathering>,
  connections: ReadonlyMap<string, WantedConnection>,
  { reopen, walk: options, signal }: EvidenceSources,
): Promise<void> {
  const byUid = new Map<string, Gathering[]>();
  for (const gathering of gatherings) {
    for (const uid of gathering.finding.records.slice(0, maxUids)) byUid.set(uid, [...(byUid.get(uid) ?? []), gathering]);
  }
  const wanted = [...byUid.keys()].map((uid) => connections.get(uid)).filter((one) => one !== undefined);
  const source = wanted.length === 0 ? undefined : await reopen?.();
  if (source === undefined) return;
  const walk = new PacketWalk(options);
  const picker = new PacketPicker(wanted, (packet) => walk.contextOf(packet));
  let open = gatherings.size;
  try {
    for (let batch = await source.next(); batch !== null && open > 0 && signal?.aborted !== true; batch = await source.next()) {
      walk.onBatch(batch, source.points, (packet) => {
        const connection = picker.pick(packet);
        for (const gathering of connection === undefined ? [] : (byUid.get(connection.uid) ?? [])) {
          if (keepPacket(gathering, packet, source.points[packet.point]?.source ?? '')) open--;
        }
      });
      if ((batch.times[0] ?? 0) > picker.to + disorder) break;
    }
  } finally {
    await source.close();
  }
}

/** @returns whether the finding has all its packets now */
function keepPacket(gathering: Gathering, packet: Packet, source: string): boolean {
  const { packets } = gathering;
  if (packets.length >= maxPackets) return false;
  const start = payloadStart(packet);
  const payloadBytes = Math.max(0, packet.end - start);
  if (payloadBytes === 0 && gathering.bare++ >= maxBarePackets) return false;
  packets.push({
    source,
    number: packet.number,
    at: packet.at,
    summary: packetText(packet),
    bytes: packet.bytes.u8.slice(start, Math.min(packet.end, start + maxBytes)),
    payloadBytes,
  });
  return packets.length >= maxPackets;
}
