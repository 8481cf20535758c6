// The samples made anew with the real programs, and analysed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyzeHere } from '../support/analyze-here.ts';
import { describeNeeding } from '../support/machine.ts';

const makers = join(import.meta.dirname, '../../tools/captures');

describeNeeding(
  'a reverse shell in namespaces',
  {
    root: true,
    tools: ['ip', 'iptables', 'tcpdump', 'dnsmasq', 'curl', 'dig', 'ssh', 'sshd', 'ssh-keygen', 'unshare', 'python3', 'pgrep', 'pkill'],
  },
  () => {
    let directory = '';
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'vedette-sample-'));
    });
    afterAll(() => rmSync(directory, { recursive: true }));

    test('is found in a fresh capture, with the requests that opened it', { timeout: 120_000 }, async () => {
      const capture = join(directory, 'fresh.pcap');
      const made = spawnSync('bash', [join(makers, 'make-reverse-shell.sh'), capture, 'short'], {
        env: { ...process.env, NODE: process.execPath },
        encoding: 'utf8',
        timeout: 110_000,
      });
      expect(made.status, made.stderr).toBe(0);
      const { findings } = await analyzeHere([capture]);
      const grave = findings.filter(({ severity }) => severity === 'high' || severity === 'critical');
      expect(grave.map(({ subject }) => subject.address)).toContain('10.0.1.12');
      expect(grave.map(({ detector }) => detector)).toContain('D31-interactive-shell');
      expect(new Set(grave.map(({ subject }) => subject.address))).toEqual(new Set(['10.0.1.12']));
    });
  },
);
