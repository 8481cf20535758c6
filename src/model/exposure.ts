// What can be reached from outside: what a scan measured, whose it is, what was intended, what was observed. The report's JSON is
// these types; `schema` grows when they change in a way that a reader must know of.
import type { Candidate } from './attribution.ts';
import type { Severity } from './finding.ts';

/** Version of the report's JSON. */
export const exposureSchema = 1;

export type Transport = 'tcp' | 'udp';

/** nmap's words. `filtered`: silence, or an ICMP error that forbids; `open|filtered`: silence where an open port may be silent (UDP). */
export const portStates = ['open', 'closed', 'filtered', 'unfiltered', 'open|filtered', 'closed|filtered'] as const;
export type PortState = (typeof portStates)[number];

/** A certificate that a service showed. Texts are the service's own: nobody vouches for them. */
export interface CertificateEvidence {
  readonly subject: string;
  readonly issuer: string;
  /** Names that it is for (subjectAltName). */
  readonly names: readonly string[];
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Of the DER form, hexadecimal. */
  readonly sha256: string;
  readonly selfSigned: boolean;
}

/** What a service said of itself. Bounded, without control characters. */
export interface ServiceEvidence {
  /** What it sent before it was asked anything. */
  readonly banner?: string;
  /** Identification string of SSH (RFC 4253 §4.2). */
  readonly ssh?: string;
  readonly http?: { readonly status: number; readonly server?: string; readonly title?: string; readonly location?: string };
  readonly tls?: { readonly version: string; readonly certificate?: CertificateEvidence };
}

export interface MeasuredPort {
  readonly protocol: Transport;
  readonly port: number;
  readonly state: PortState;
  /** Why the scanner says so: `syn-ack`, `conn-refused`, … */
  readonly reason: string;
  /** Name of the service: by content where it was asked, else what the port number stands for. */
  readonly service: string;
  readonly product?: string;
  readonly version?: string;
  readonly evidence?: ServiceEvidence;
}

/** One address after its scan. */
export interface MeasuredHost {
  readonly address: string;
  readonly state: 'up' | 'down';
  readonly reason: string;
  /** Ports that are listed one by one; the others are counted in `others`. */
  readonly ports: readonly MeasuredPort[];
  readonly others: readonly { readonly state: string; readonly count: number }[];
  /** When its scan ended; ISO 8601. */
  readonly at: string;
  /** Why it could not be scanned to its end. */
  readonly failed?: string;
}

/** How the scan was made: what a report must say so that it can be judged, and what a resumed one repeats. */
export interface ScanSettings {
  readonly engine: 'nmap' | 'connect';
  /** Ports asked for, as text (`22,80,8000-8010`); '' for none. */
  readonly tcpPorts: string;
  readonly udpPorts: string;
  /** Packets a second at most (connections a second for the connect scan). */
  readonly rate: number;
  readonly hostTimeoutSeconds: number;
  /** nmap is asked to tell versions. */
  readonly versions: boolean;
  /** Open services are asked who they are. */
  readonly banners: boolean;
  /** Who allowed this scan, and where that is written. */
  readonly authorisation: string;
  /** Hours in which packets may be sent (`01:00-05:00`, UTC); '' for any. */
  readonly window: string;
}

/** Who holds an address, or an end of it. */
export interface ExposureOwner {
  /** `unknown`: no inventory, or one that does not cover the time. */
  readonly verdict: 'one' | 'ambiguous' | 'unowned' | 'unknown';
  /** The same thing again tomorrow: `machine:ID`, …, or `address:A` where nobody is known. */
  readonly key: string;
  readonly kind?: Candidate['kind'];
  readonly id?: string;
  readonly name?: string;
  readonly projectId?: string;
  readonly project?: string;
  readonly userId?: string;
  readonly user?: string;
  readonly host?: string;
  readonly router?: string;
  readonly network?: string;
  readonly portId?: string;
  readonly fixedAddress?: string;
  readonly floatingAddress?: string;
  readonly tags: readonly string[];
  /** All who may hold it, when there are several. */
  readonly candidates: readonly Candidate[];
  readonly caveats: readonly string[];
}

/** What the security groups let in, and from where. `restricted`: from some addresses; `unenforced`: nothing is filtered. */
export interface IntendedView {
  readonly verdict: 'open' | 'restricted' | 'closed' | 'unenforced' | 'unknown';
  /** `tcp 80 from 0.0.0.0/0 (group web)` */
  readonly rules: readonly string[];
}

/** Connections that were accepted on a port, by the records given. */
export interface ObservedView {
  readonly connections: number;
  /** Different clients outside; at most 1 000 are told apart. */
  readonly sources: number;
  /** ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** A few of them. */
  readonly sampleSources: readonly string[];
  readonly uids: readonly string[];
}

/**
 * What the policy says of an open port. `standard`: one of the standard ports; `allowed`: by the policy; `accepted`: by a person;
 * `expired`: it was allowed or accepted until a date that is past; `open`: nobody stands for it.
 */
export type Ruling = 'standard' | 'allowed' | 'accepted' | 'expired' | 'open';

/** One open port of one address. */
export interface ExposedPort {
  readonly address: string;
  readonly protocol: Transport;
  readonly port: number;
  readonly service: string;
  readonly product?: string;
  readonly version?: string;
  readonly reason: string;
  readonly owner: ExposureOwner;
  readonly severity: Severity;
  /** Class of services that are dangerous to show: `database`, `remote desktop`, … */
  readonly riskClass?: string;
  readonly ruling: Ruling;
  /** Why it is allowed or was; until when (ISO 8601 date). */
  readonly rulingReason?: string;
  readonly expires?: string;
  readonly intended: IntendedView;
  /** Absent when no records were given. */
  readonly observed?: ObservedView;
  readonly evidence?: ServiceEvidence;
  /** First run of the unbroken row of runs that showed it open; ISO 8601. */
  readonly since: string;
  /** Runs in that row. */
  readonly runs: number;
}

/** A rule that opens to everybody where nothing listens, or an observed port that the scan did not see. */
export interface ExposureGap {
  readonly kind: 'intended-silent' | 'observed-unseen';
  readonly text: string;
  /** `intended-silent`: the rule, and the machines that it is on. */
  readonly ruleId?: string;
  readonly group?: string;
  readonly project?: string;
  readonly machines: number;
  readonly examples: readonly string[];
}

export interface ExposureReport {
  readonly schema: typeof exposureSchema;
  readonly kind: 'exposure-report';
  readonly id: string;
  readonly version: string;
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string;
  /** Why it is not whole; false when it is. */
  readonly partial: string | false;
  readonly scan: ScanSettings & {
    /** As typed, or `inventory`. */
    readonly targets: readonly string[];
    readonly excluded: readonly string[];
    readonly addresses: number;
    readonly scanned: number;
    /** Of which anything was heard: an open or closed port, an answer of ARP. */
    readonly answered: number;
    readonly failed: number;
    readonly notes: readonly string[];
  };
  readonly policy: { readonly source: string; readonly standardPorts: readonly number[] };
  /** null: none was given. */
  readonly inventory: { readonly cloud: string; readonly lastReadAt: string | null; readonly gaps: readonly string[] } | null;
  /** null: none were given. */
  readonly observed: { readonly inputs: readonly string[]; readonly connections: number; readonly dropped: number } | null;
  /** All open ports, gravest first: also those that the policy allows. */
  readonly exposures: readonly ExposedPort[];
  readonly gaps: readonly ExposureGap[];
}

/** An open port that a person answers for, until a date. */
export interface Acceptance {
  /** `address`, `protocol/port` and the owner that it was accepted for; another owner of the same address is not covered. */
  readonly address: string;
  readonly protocol: Transport;
  readonly port: number;
  readonly ownerKey: string;
  readonly ownerName: string;
  readonly reason: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly expires: string;
  /** Taken back. */
  readonly withdrawn?: true;
}

/** What changed from one report to the next. */
export interface ExposureChange {
  readonly change: 'new' | 'gone' | 'expired' | 'changed';
  readonly exposure: ExposedPort;
  /** What is different, for `changed`. */
  readonly detail?: string;
}

/** Nobody stands for it: what a report puts before people. */
export const isStanding = ({ ruling }: ExposedPort): boolean => ruling === 'open' || ruling === 'expired';
