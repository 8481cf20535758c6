// An attacked web application, told from logs in both formats and from packets: the ready-made vectors 10 and 11.
import { describe, expect, test } from 'vitest';
import { parseCidr } from '../../src/base/ip.ts';
import type { Finding } from '../../src/model/finding.ts';
import { dnsMessage, dnsQuestion, dnsRecord } from '../build/dns-message.ts';
import { ethernet, ipv4, udp } from '../build/frames.ts';
import { conversation, segment, type TimedFrame } from '../build/segments.ts';
import { analyzeFrames } from '../support/analyze-frames.ts';
import { analyzeHere } from '../support/analyze-here.ts';
import { removeTemporaryFolders, temporaryTree } from '../support/temporary-folder.ts';
import {
  attacker,
  type Connection,
  github,
  loggedTarget,
  machine,
  names,
  operator,
  others,
  payloads,
  sentTarget,
  shellEnd,
  shells,
} from './seed-4-case.ts';

removeTemporaryFolders();

type Row = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Columns of the four ends, from `address:port` twice. */
function ends(client: string, server: string): Row {
  const [[clientAddress = '', clientPort], [serverAddress = '', serverPort]] = [client.split(':'), server.split(':')];
  return { 'id.orig_h': clientAddress, 'id.orig_p': Number(clientPort), 'id.resp_h': serverAddress, 'id.resp_p': Number(serverPort) };
}

const connRow = ({ at, client, server, seconds, service, sentBytes, receivedBytes, swapped }: Connection, i: number): Row => ({
  ts: at,
  uid: `Cconn${i}`,
  ...ends(client, server),
  proto: 'tcp',
  ...(service !== undefined && { service }),
  duration: seconds,
  orig_bytes: sentBytes,
  resp_bytes: receivedBytes,
  conn_state: swapped === true ? 'OTH' : 'SF',
  local_orig: client.startsWith(machine),
  local_resp: server.startsWith(machine),
  missed_bytes: 0,
  history: swapped === true ? 'DaT' : 'ShADadFf',
  orig_pkts: 20,
  orig_ip_bytes: sentBytes + 800,
  resp_pkts: swapped === true ? 2 : 20,
  resp_ip_bytes: receivedBytes + 800,
  ip_proto: 6,
});

const logs: Readonly<Record<string, readonly Row[]>> = {
  conn: [...shells, ...others].map(connRow),
  http: payloads.map(({ at, command }, i) => ({
    ts: at,
    uid: `Chttp${i}`,
    ...ends(`${attacker}:${52_000 + i}`, `${machine}:3000`),
    trans_depth: 1,
    method: 'GET',
    host: 'norris.example:3000',
    uri: loggedTarget(command),
    version: '1.1',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0',
    request_body_len: 0,
    response_body_len: 120,
    status_code: 200,
    status_msg: 'OK',
    tags: [],
  })),
  dns: names.map(({ at, query, address }, i) => ({
    ts: at,
    uid: `Cdns${i}`,
    ...ends(`${machine}:${40_100 + i}`, '172.31.0.2:53'),
    proto: 'udp',
    trans_id: 77 + i,
    rtt: 0.002,
    query,
    qclass: 1,
    qclass_name: 'C_INTERNET',
    qtype: 1,
    qtype_name: 'A',
    rcode: 0,
    rcode_name: 'NOERROR',
    AA: false,
    TC: false,
    RD: true,
    RA: true,
    Z: 0,
    answers: [address],
    TTLs: ['60.0'],
    rejected: false,
  })),
};

const types: Readonly<Record<string, string>> = {
  ts: 'time',
  uid: 'string',
  'id.orig_h': 'addr',
  'id.orig_p': 'port',
  'id.resp_h': 'addr',
  'id.resp_p': 'port',
  proto: 'enum',
  duration: 'interval',
  rtt: 'interval',
  answers: 'vector[string]',
  TTLs: 'vector[interval]',
  tags: 'set[enum]',
};
const typeOf = (name: string, value: Row[string] | undefined): string =>
  types[name] ?? (typeof value === 'number' ? 'count' : typeof value === 'boolean' ? 'bool' : 'string');

function tsvValue(value: Row[string] | undefined): string {
  if (value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (Array.isArray(value)) return value.length === 0 ? '(empty)' : value.join(',');
  return String(value);
}

/** A log as Zeek writes it by default. */
function tsvLog(path: string, rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const typesOf = columns.map((name) => typeOf(name, rows.find((row) => row[name] !== undefined)?.[name]));
  return `${[
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    '#open\t2023-03-04-22-00-00',
    `#fields\t${columns.join('\t')}`,
    `#types\t${typesOf.join('\t')}`,
    ...rows.map((row) => columns.map((name) => tsvValue(row[name])).join('\t')),
    '#close\t2023-03-04-22-00-00',
  ].join('\n')}\n`;
}

/** The same as JSON, with intervals as numbers. */
const jsonLog = (rows: readonly Row[]): string =>
  rows.map((row) => `${JSON.stringify({ ...row, ...('TTLs' in row && { TTLs: [60] }) })}\n`).join('');

const known = [{ label: 'operator', range: parseCidr(`${operator}/32`) }].flatMap(({ label, range }) => (range ? [{ label, range }] : []));

async function fromLogs(print: (path: string, rows: readonly Row[]) => string): Promise<readonly Finding[]> {
  const files = Object.fromEntries(Object.entries(logs).map(([name, rows]) => [`${name}.log`, print(name, rows)]));
  return (await analyzeHere([temporaryTree(files)], { known })).findings;
}

const micros = (seconds: number): number => Math.round(seconds * 1e6);

/** A conversation that takes exactly its seconds: quick at both ends, slow in between. */
function talk({ at, client, server, seconds, service }: Connection, i: number): TimedFrame[] {
  const lines =
    service === 'ssh'
      ? ['SSH-2.0-OpenSSH_9.2\r\n', 'SSH-2.0-OpenSSH_9.2\r\n', 'x', 'y', 'z']
      : ['$ ', 'id\n', 'uid=0(root) gid=0(root) groups=0(root)\n$ ', 'ls\n', 'app.js\nnode_modules\n$ '];
  const frames = conversation({ client, server, id: i * 100 + 1, lines });
  const last = frames.length - 1;
  const share = (n: number): number => (n < 3 ? n * 1e-6 : n > last - 3 ? 1 : n / last);
  return frames.map(({ frame }, n) => ({ frame, at: micros(at) + Math.round(micros(seconds) * share(n)) }));
}

/** A message to or from the resolver. */
const resolverFrame = (source: string, target: string, ports: readonly [number, number], message: Uint8Array): Uint8Array =>
  ethernet(ipv4(udp(...ports, message), { source, target, protocol: 17 }));

function allFrames(): TimedFrame[] {
  const requests = payloads.flatMap(({ at, command }, i) =>
    conversation({
      client: `${attacker}:${52_000 + i}`,
      server: `${machine}:3000`,
      at: micros(at) - 1500,
      id: 5000 + i * 50,
      lines: [
        `GET ${sentTarget(command)} HTTP/1.1\r\nHost: norris.example:3000\r\nUser-Agent: Mozilla/5.0\r\n\r\n`,
        `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 120\r\n\r\n${'<p>a joke</p>'.padEnd(120)}`,
      ],
    }),
  );
  const look = names.flatMap(({ at, query, address }, i): TimedFrame[] => {
    const [port, resolver] = [40_100 + i, '172.31.0.2'];
    const questions = [dnsQuestion(query)];
    const answers = [dnsRecord(1, address.split('.').map(Number), { ttl: 60 })];
    const answer = dnsMessage({ flags: 0x8180, questions, answers });
    return [
      { at: micros(at), frame: resolverFrame(machine, resolver, [port, 53], dnsMessage({ questions })) },
      { at: micros(at) + 2000, frame: resolverFrame(resolver, machine, [53, port], answer) },
    ];
  });
  const tail = others
    .filter(({ swapped }) => swapped === true)
    .flatMap(({ at, client, server, seconds }): TimedFrame[] => [
      { at: micros(at), frame: segment(client, server, 'PA', { sequence: 700, acknowledged: 900, payload: 'late answer' }) },
      { at: micros(at + seconds), frame: segment(client, server, 'PA', { sequence: 711, acknowledged: 900, payload: 'and more' }) },
    ]);
  const talks = [...shells, ...others.filter(({ swapped }) => swapped !== true)].flatMap(talk);
  return [...requests, ...look, ...tail, ...talks].sort((a, b) => a.at - b.at);
}

describe.each([
  ['logs in TSV', () => fromLogs(tsvLog)],
  ['logs in JSON', () => fromLogs((_, rows) => jsonLog(rows))],
  ['packets', async () => (await analyzeFrames([allFrames()], { known })).findings],
])('10: the attacked web application, from %s', (_, analyze) => {
  const of = (findings: readonly Finding[], number: string): readonly Finding[] =>
    findings.filter(({ detector }) => detector.startsWith(number));

  test('called the end that eight requests named, in four sessions of 469.14 s', async () => {
    const findings = await analyze();
    expect(of(findings, 'D32')).toMatchObject([
      {
        severity: 'critical',
        confidence: 0.97,
        subject: { address: machine },
        peers: [shellEnd, { address: attacker }],
        count: 4,
        evidence: {
          verdict: 'attempt and call-back',
          callback: '35.217.6.162:3000',
          attempts: 8,
          attackers: [attacker],
          endpoint: '/dangerzone',
          parameter: 'category',
          sessions: 4,
          totalSeconds: 469.14,
          // The first payload is logged 88 s before the shell that it opened.
          secondsFromFirstAttemptToFirstSession: 88,
        },
      },
    ]);
  });

  test('was attacked by one client, at one parameter of one page', async () => {
    expect(of(await analyze(), 'D44')).toMatchObject([
      {
        severity: 'medium',
        subject: { address: attacker },
        peers: [{ address: machine, port: 3000 }],
        count: 8,
        evidence: { endpoint: '/dangerzone', parameter: 'category', attempts: 8, verdict: 'attempt and call-back' },
      },
    ]);
  });

  test('went to the shell’s end without a name, and to GitHub by name', async () => {
    const direct = of(await analyze(), 'D34').map(({ peers }) => peers[0]?.address);
    expect(direct).toContain(shellEnd.address);
    expect(direct).not.toContain(github);
  });

  test('did not call the attacker’s client, and the operator is nobody to accuse', async () => {
    const findings = await analyze();
    const about = (address: string): readonly Finding[] =>
      findings.filter(({ subject, peers }) => subject.address === address || peers.some((peer) => peer.address === address));
    expect(about(operator).filter(({ severity }) => severity !== 'info')).toEqual([]);
    const outbound = about(attacker).filter(({ peers }) => peers.some(({ address, port }) => address === attacker && port !== undefined));
    expect(outbound).toEqual([]);
  });

  test('is compromised: request, call-back and control tell one story', async () => {
    const [sequence] = of(await analyze(), 'D50');
    expect(sequence).toMatchObject({ severity: 'critical', subject: { address: machine } });
  });
});

describe('11: the same request, encoded in packets and decoded in logs', () => {
  test('gives the same findings, but for uids and what only packets show', async () => {
    const about = (findings: readonly Finding[]): unknown =>
      findings
        .filter(({ detector }) => /^D(?:32|44)-/.test(detector))
        .map(({ id, severity, confidence, subject, count, attack, evidence }) => {
          const { endpoint, parameter, attempts, verdict, payload, decodedPayloads, families, techniques } = evidence;
          return {
            id,
            severity,
            confidence,
            subject,
            count,
            attack,
            endpoint,
            parameter,
            attempts,
            verdict,
            payload,
            decodedPayloads,
            families,
            techniques,
          };
        });
    const [tsv, json, packets] = [
      await fromLogs(tsvLog),
      await fromLogs((_, rows) => jsonLog(rows)),
      (await analyzeFrames([allFrames()], { known })).findings,
    ];
    expect(about(json)).toEqual(about(tsv));
    expect(about(packets)).toEqual(about(tsv));
  });
});
