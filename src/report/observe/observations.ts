// What the report shows of the records beside the findings: the answers to the three questions of an investigation begin here.

/** A connection among the longest. */
export interface LongConnection {
  readonly uid: string;
  /** Microseconds since the epoch. */
  readonly at: number;
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  readonly proto: string;
  readonly service: string | undefined;
  readonly seconds: number;
  readonly bytes: number;
  readonly state: string;
  /** Still open when the capture ended. */
  readonly open: boolean;
  /** Seen from its middle on, so that client and server may be swapped. */
  readonly endsUnsure: boolean;
  readonly known: string | undefined;
  readonly context: string | undefined;
}

/** All connections of a client to one service of a server. */
export interface Pair {
  readonly client: string;
  readonly server: string;
  readonly proto: string;
  readonly port: number;
  readonly known: string | undefined;
  readonly context: string | undefined;
  connections: number;
  seconds: number;
  bytes: number;
  firstAt: number;
  lastAt: number;
  service: string | undefined;
  /** Connections in which the server answered with payload or a full handshake. */
  answered: number;
}

/** Requests for one path of one server. */
export interface Endpoint {
  readonly server: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  requests: number;
  readonly clients: Set<string>;
  /** Requests by status code. */
  readonly statuses: Map<number, number>;
}

/** A name asked for. */
export interface AskedName {
  readonly name: string;
  firstAt: number;
  readonly firstClient: string;
  readonly firstUid: string;
  queries: number;
  readonly answers: Set<string>;
  failed: number;
}

/** A file that came to one of ours, or left it by request. */
export interface Download {
  readonly at: number;
  readonly uid: string;
  readonly to: string;
  readonly from: string;
  readonly port: number;
  readonly source: string;
  readonly mime: string | undefined;
  readonly bytes: number;
  readonly sha256: string | undefined;
  url: string | undefined;
  userAgent: string | undefined;
  /** 0 a tool by its content (program, script), 1 an archive, 2 anything else. */
  readonly rank: number;
}

/** Share of the traffic that could be looked into. */
export interface Coverage {
  connections: number;
  bytes: number;
  /** Bytes in connections whose content is encrypted. */
  encryptedBytes: number;
  encryptedConnections: number;
  missedBytes: number;
  /** Connections with payload whose protocol nobody recognised. */
  unrecognised: number;
  /** Seen without their beginning. */
  midstream: number;
  carriers: number;
  duplicatePackets: number;
  readonly rows: Readonly<Record<string, number>>;
  /** Clients that asked a resolver whose answers are encrypted (DNS over TLS). */
  encryptedDns: number;
}

export interface Observations {
  readonly longest: readonly LongConnection[];
  /** Longest connections of ends that the operator vouches for. */
  readonly longestKnown: readonly LongConnection[];
  readonly longestPairs: readonly Pair[];
  /** Pairs with one of ours at an end, for the graph. */
  readonly pairs: readonly Pair[];
  readonly endpoints: readonly Endpoint[];
  readonly requests: number;
  readonly names: readonly AskedName[];
  readonly nameCount: number;
  readonly downloads: readonly Download[];
  readonly downloadCount: number;
  /** Names of an address by DNS answers, server names and host headers. */
  readonly nameOf: ReadonlyMap<string, string>;
  readonly coverage: Coverage;
  /** Entries that did not fit into the bounds. */
  readonly dropped: number;
}
