// The proof behind findings: rows from the logs just written, packets from the captures read once more. Bounded in both.

import type { PacketSource } from '../capture/packet-source.ts';
import type { PacketWalkOptions } from '../engine/packet-walk.ts';
import { atLeast, type Finding } from '../model/finding.ts';
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { DetectorGuide, EvidenceRow, PacketsMissing, ProvenFinding } from '../report/investigation.ts';
import type { RecordLookup } from '../store/record-lookup.ts';
import { collectPackets, type PacketWant } from './collect-packets.ts';
import { type WantedConnection, wantedOf } from './packet-picker.ts';

/** Findings whose rows are looked up, gravest first. */
const maxFindings = 150;
/** Uids looked up for one finding. */
const maxUids = 40;
/** Rows shown of one log for one finding. */
const maxRows = 8;
/** Findings with packets. */
const maxPacketFindings = 40;

interface Gathering extends PacketWant {
  readonly finding: Finding;
  readonly rows: Map<RecordName, Readonly<Record<string, unknown>>[]>;
  more: number;
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
  const gatherings = findings.map((finding): Gathering => {
    return { finding, uids: finding.records.slice(0, maxUids), rows: new Map(), more: 0, packets: [], bare: 0 };
  });
  const connections = await gatherRows(gatherings.slice(0, maxFindings), sources);
  const withPackets = new Set(
    gatherings.filter(({ finding }) => finding.records.length > 0 && atLeast(finding.severity, 'low')).slice(0, maxPacketFindings),
  );
  let missing = sources.packetsMissing;
  if (sources.reopen !== undefined && withPackets.size > 0) {
    try {
      await collectPackets([...withPackets], connections, { ...sources, reopen: sources.reopen });
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
    for (const uid of gathering.uids) {
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
