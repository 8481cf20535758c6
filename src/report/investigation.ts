// All that a report is made of, as plain values: the renderers and the exports read this and nothing else.
import type { Finding } from '../model/finding.ts';
import type { RecordName } from '../model/records/index.ts';
import type { Observations } from './observe/observations.ts';
import type { Language } from './values.ts';

/** One record behind a finding. */
export interface EvidenceRow {
  readonly log: RecordName;
  readonly row: Readonly<Record<string, unknown>>;
}

/** One packet behind a finding. */
export interface PacketExcerpt {
  /** File that it came from, and its number there from 1. */
  readonly source: string;
  readonly number: number;
  /** Microseconds since the epoch. */
  readonly at: number;
  /** `TCP 10.0.0.5:40312 → 203.0.113.9:4444 PSH ACK, 23 bytes` */
  readonly summary: string;
  /** First bytes of the payload, or of the packet's headers where there is none. */
  readonly bytes: Uint8Array;
  /** Bytes of the payload as sent. */
  readonly payloadBytes: number;
}

/** Why a finding shows no packets. `logs`: there were none in the input. */
export type PacketsMissing = 'stdin' | 'logs' | 'limit' | 'none' | 'failed';

/** What a detector says of itself, for the reader of its findings. */
export interface DetectorGuide {
  readonly finds: string;
  readonly investigate: readonly string[];
}

/** A finding with its proof. */
export interface ProvenFinding {
  readonly finding: Finding;
  readonly guide: DetectorGuide | undefined;
  readonly rows: readonly EvidenceRow[];
  /** Rows of its connections that are not shown. */
  readonly moreRows: number;
  readonly packets: readonly PacketExcerpt[];
  readonly packetsMissing?: PacketsMissing;
}

/** One input file. */
export interface InputFact {
  readonly source: string;
  readonly kind: 'capture' | 'log';
  /** Packets or rows. */
  readonly count: number;
  readonly bytes: number;
  readonly sha256: string | undefined;
  readonly truncatedPackets: number;
  readonly reportedDrops: number;
  readonly damages: readonly string[];
}

export interface Investigation {
  readonly version: string;
  readonly language: Language;
  /** Why the analysis is not complete. */
  readonly partial: string | undefined;
  /** What was in view, microseconds since the epoch; 0 when nothing was. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly inputs: readonly InputFact[];
  /** Gravest first. */
  readonly findings: readonly ProvenFinding[];
  readonly findingsDropped: number;
  readonly observations: Observations;
  readonly isOurs: (address: string) => boolean;
  readonly knownAs: (address: string) => string | undefined;
  /** Name and value of what the run was told. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Counters of the engine that tell of loss and damage, by name. */
  readonly malformedPackets: number;
  readonly outDirectory: string;
}
