// Who scans, told from packets: the ready-made vectors 4 and 5, where counting SYN flags would name the wrong machines.
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { conversation, segment, type TimedFrame, trafficStart } from '../build/segments.ts';
import { analyzeFrames } from '../support/analyze-frames.ts';
import { removeTemporaryFolders } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const scanner = '10.0.0.7';
const victim = '10.0.0.9';
const open = new Set([22, 80, 443]);

/** nmap's SYN scan: closed ports answer with RST, open ones with SYN-ACK, which the scanner's kernel resets. */
function synScan(ports: number): TimedFrame[] {
  const frames: TimedFrame[] = [];
  for (let port = 1; port <= ports; port++) {
    const at = trafficStart + port * 3000;
    const [from, to] = [`${scanner}:53211`, `${victim}:${port}`];
    const add = (after: number, frame: Uint8Array): void => void frames.push({ at: at + after, frame });
    add(0, segment(from, to, 'S', { sequence: 7000, id: port }));
    if (!open.has(port)) add(200, segment(to, from, 'RA', { sequence: 0, acknowledged: 7001, id: 0 }));
    else {
      add(200, segment(to, from, 'SA', { sequence: 90_000 + port, acknowledged: 7001, id: 0 }));
      add(300, segment(from, to, 'R', { sequence: 7001, id: 2000 + port }));
    }
  }
  return frames;
}

const scans = (findings: readonly Finding[]): readonly Finding[] => findings.filter(({ detector }) => /^D0[1-6]-/.test(detector));

describe('4: a SYN scan of 1000 ports, three of them open', () => {
  test('has exactly one scanner, and the victim is not reported', async () => {
    const { findings, logged } = await analyzeFrames([synScan(1000)]);
    expect(logged('conn')).toHaveLength(1000);
    expect(findings).toMatchObject([
      {
        detector: 'D02-port-scan',
        severity: 'high',
        subject: { address: scanner },
        peers: [{ address: victim }],
        count: 1000,
        evidence: { targets: 1000, answeringPorts: [22, 80, 443], methods: ['syn'] },
      },
    ]);
    expect(findings[0]?.attack).toContain('T1046');
  });

  test('is found when only the scanned side was captured: what comes back is enough for nobody, what goes in is', async () => {
    const inwards = synScan(1000).filter(({ frame }) => frame[29] === 7);
    expect(scans((await analyzeFrames([inwards])).findings)).toMatchObject([{ detector: 'D02-port-scan', subject: { address: scanner } }]);
    const outwards = synScan(1000).filter(({ frame }) => frame[29] === 9);
    expect((await analyzeFrames([outwards])).findings.filter(({ subject }) => subject.address === victim)).toEqual([]);
  });

  test('is the same finding, byte for byte, in a second run', async () => {
    const [first, second] = [await analyzeFrames([synScan(300)]), await analyzeFrames([synScan(300)])];
    expect(JSON.stringify(second.findings)).toBe(JSON.stringify(first.findings));
  });
});

describe('5: a busy web server', () => {
  const server = '10.0.0.80:80';
  const clientOf = (i: number): string => `198.51.${100 + (i % 8)}.${1 + (i % 250)}:${20_000 + i}`;
  const talks = Array.from({ length: 3000 }, (_, i) =>
    conversation({
      client: clientOf(i),
      server,
      at: trafficStart + i * 4000,
      id: (i * 17) & 0xffff,
      lines: ['GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    }),
  );

  test('with thousands of SYN-ACK out is no scanner, nor are its clients', async () => {
    const frames = talks.flat().sort((a, b) => a.at - b.at);
    const { findings, rows } = await analyzeFrames([frames]);
    expect(rows['conn']).toBe(3000);
    expect(rows['http']).toBe(3000);
    expect(findings).toEqual([]);
  });

  test('of which only the outgoing half was captured is no scanner either', async () => {
    const half = talks.flatMap((frames) => frames.filter(({ frame }) => frame[29] === 80));
    const { findings } = await analyzeFrames([half.sort((a, b) => a.at - b.at)]);
    expect(scans(findings)).toEqual([]);
    expect(findings.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
  });

  test('that answers a flood of forged SYNs is not the one who floods or sweeps', async () => {
    const frames: TimedFrame[] = Array.from({ length: 6000 }, (_, i) => ({
      at: trafficStart + i * 1000,
      frame: segment(server, `203.0.${i >> 8}.${i & 255}:${1024 + i}`, 'SA', { sequence: i * 31, acknowledged: i, id: 0 }),
    }));
    const { findings } = await analyzeFrames([frames]);
    expect(findings.filter(({ subject }) => subject.address === '10.0.0.80')).toEqual([]);
    expect(findings.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
  });
});
