// What the outside can reach, for real: namespaces, nmap, two nights, an interruption. Traffic stays in namespaces made here.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExposedPort, ExposureReport } from '../../src/model/exposure.ts';
import { ExposureLab } from '../support/exposure-lab.ts';
import { describeNeeding } from '../support/machine.ts';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const main = join(repository, 'src/main.ts');
const ports = ['--tcp', '22,80,443,2222,3306,6379,8080,9443'];

describeNeeding('what the outside can reach', { root: true, tools: ['ip', 'nmap', 'iptables', 'openssl'] }, () => {
  let lab: ExposureLab;
  const folder = temporaryFolder();
  const state = join(folder, 'state');

  beforeAll(async () => {
    lab = await ExposureLab.start(folder);
  });
  afterAll(() => lab?.stop());

  const command = (...args: readonly string[]): [string, string[]] => {
    const [program = '', ...rest] = lab.in('out', process.execPath, main, 'exposure', ...args);
    return [program, rest];
  };
  const vedette = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(...command(...args), { encoding: 'utf8' });
  const scan = (...args: readonly string[]): ReturnType<typeof vedette> =>
    vedette('scan', ...args, '--state', state, '--inventory', join(folder, 'inventory.yaml'));
  const whose = ({ address, port, severity, owner }: ExposedPort): readonly unknown[] => [
    ...[address, port, severity, owner.verdict],
    ...[owner.kind, owner.name, owner.project, owner.user],
  ];
  const policy = (rules: string): string => {
    const path = join(folder, 'policy.yaml');
    writeFileSync(path, rules);
    return path;
  };

  it('names machine, project and owner of every open port, what nobody owns first', () => {
    const { status, stdout, stderr } = scan('inventory', 'external', ...ports, '--udp', '161', '--authorisation', 'change 4711', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const report = JSON.parse(stdout) as ExposureReport;
    expect(report).toMatchObject({ schema: 1, partial: false, policy: { standardPorts: [22, 80, 443] } });
    expect(report.scan).toMatchObject({ engine: 'nmap', addresses: 256, scanned: 256, failed: 0, authorisation: 'change 4711' });
    const standing = report.exposures.filter(({ ruling }) => ruling === 'open');
    expect(standing.map(whose)).toEqual([
      ['203.0.113.66', 22, 'high', 'unowned', undefined, undefined, undefined, undefined],
      ['203.0.113.66', 6379, 'high', 'unowned', undefined, undefined, undefined, undefined],
      ['203.0.113.130', 2222, 'medium', 'one', 'floating', '203.0.113.130', 'globex', undefined],
      ['203.0.113.2', 22, 'medium', 'one', 'router', 'acme-edge', 'acme', undefined],
      ['203.0.113.111', 3306, 'medium', 'one', 'machine', 'web-1', 'acme', 'alice'],
      ['203.0.113.121', 161, 'medium', 'one', 'machine', 'build-1', 'globex', 'bob'],
      ['203.0.113.121', 8080, 'low', 'one', 'machine', 'build-1', 'globex', 'bob'],
    ]);
    // The groups intend neither the database nor SNMP, and open a port where nothing listens.
    expect(standing.map(({ intended }) => intended.verdict)).toEqual([
      'unknown',
      'unknown',
      'closed',
      'unknown',
      'closed',
      'closed',
      'open',
    ]);
    expect(report.gaps.map(({ text }) => text)).toEqual([
      'tcp 9443 from 0.0.0.0/0 (group web): nothing listens on any of 2 machines; the rule may go',
    ]);
    const settled = report.exposures.filter(({ ruling }) => ruling === 'standard');
    expect(settled.map(({ address, port }) => `${address}:${port}`)).toEqual([
      ...['203.0.113.105:22', '203.0.113.111:22', '203.0.113.111:80', '203.0.113.111:443', '203.0.113.121:22'],
    ]);
    const evidence = (port: number): unknown =>
      report.exposures.find((one) => one.address === '203.0.113.111' && one.port === port)?.evidence;
    expect(evidence(22)).toMatchObject({ ssh: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3' });
    expect(evidence(80)).toMatchObject({ http: { status: 200, server: 'lab-httpd/1.0', title: 'Shop of' } });
    expect(evidence(443)).toMatchObject({
      http: { status: 200 },
      tls: { certificate: { subject: 'O=Acme, CN=shop.acme.example', names: ['shop.acme.example', 'www.acme.example'], selfSigned: true } },
    });
  });

  it('joins what traffic was seen, by public and by fixed address, and scans IPv6', () => {
    const conn = (client: string, server: string, port: number): string =>
      `${JSON.stringify({ ts: 1795950000.5, uid: `C${client}${port}`, 'id.orig_h': client, 'id.orig_p': 40000, 'id.resp_h': server, 'id.resp_p': port, proto: 'tcp', conn_state: 'SF', history: 'ShADadFf', orig_pkts: 5, resp_pkts: 5, orig_ip_bytes: 300, resp_ip_bytes: 300, missed_bytes: 0, local_orig: false, local_resp: true, ip_proto: 6 })}\n`;
    const outside = Array.from({ length: 24 }, (_, i) => `192.0.2.${i + 1}`);
    const logs = join(folder, 'zeek');
    mkdirSync(logs);
    writeFileSync(
      join(logs, 'conn.log'),
      [
        ...outside.map((client) => conn(client, '203.0.113.121', 8080)),
        ...[conn('192.0.2.99', '192.168.101.11', 3306), conn('192.0.2.99', '203.0.113.105', 9443)],
      ].join(''),
    );
    const targets = ['203.0.113.105', '203.0.113.111', '203.0.113.121', '2001:db8:113::66'];
    const { status, stdout } = scan(
      ...targets,
      '--tcp',
      '3306,8080,9443',
      '--observed',
      logs,
      '--no-banners',
      '--json',
      '--fail-on',
      'high',
    );
    expect(status).toBe(1);
    const report = JSON.parse(stdout) as ExposureReport;
    expect(
      report.exposures.map(({ address, port, severity, observed }) => [address, port, severity, observed?.connections, observed?.sources]),
    ).toEqual([
      ['2001:db8:113::66', 8080, 'high', 0, 0],
      ['203.0.113.111', 3306, 'medium', 1, 1],
      ['203.0.113.121', 8080, 'medium', 24, 24],
    ]);
    expect(report.gaps.map(({ kind, text }) => [kind, text])).toContainEqual([
      'observed-unseen',
      expect.stringMatching(/^203\.0\.113\.105:9443\/tcp: 1 accepted connections from 1 outside, last \S+, but the scan found it closed$/),
    ]);
    // Findings of the run are what a case is made of.
    const [day = '', time = ''] = report.id.split('T');
    const made = lab.in(
      'out',
      process.execPath,
      main,
      'case',
      'create',
      '--from',
      join(state, 'exposure', day, time),
      '--state',
      state,
      '--json',
    );
    const created = spawnSync(made[0] ?? '', made.slice(1), { encoding: 'utf8' });
    expect(created).toMatchObject({ status: 0, stderr: '' });
    expect(created.stdout).toContain('D49-exposed-service');
  });

  it('tells the second night in three lines: one new, one expired, one gone', async () => {
    const nights = join(folder, 'nights');
    const night = (rules: string): ReturnType<typeof vedette> =>
      vedette('scan', ...ports, '--inventory', join(folder, 'inventory.yaml'), '--state', nights, '--policy', policy(rules));
    const rule = 'allow: [{ports: [8080], machine: build-1, reason: demo, expires: ';
    expect(night(`${rule}2999-01-01}]`).status).toBe(0);
    await lab.listen('bastion', 'ssh@0.0.0.0:22', 'redis@0.0.0.0:6379');
    await lab.listen('web', 'ssh@0.0.0.0:22', 'http@0.0.0.0:80');
    expect(night(`${rule}2026-01-01}]`).status).toBe(0);
    const { stdout } = vedette('diff', '--state', nights);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^new +medium +203\.0\.113\.105:6379\/tcp .*redis, key-value store.*machine bastion, project acme, owner alice/,
      ),
      expect.stringMatching(
        /^expired +low +203\.0\.113\.121:8080\/tcp .*machine build-1, project globex, owner bob.*ended 2026-01-01: demo/,
      ),
      expect.stringMatching(/^gone +medium +203\.0\.113\.111:3306\/tcp .*machine web-1, project acme, owner alice/),
    ]);
    const run = vedette('history', '--state', nights, '--json');
    expect((JSON.parse(run.stdout) as { runs: unknown[] }).runs).toHaveLength(2);
  });

  it('has the filter and the shape of the original on request, and no longer drops what has no server', () => {
    const out = join(folder, 'icclab');
    const like = policy('standardPorts: [22, 80]\n');
    const args = ['inventory', '203.0.113.66', '203.0.113.130', ...ports, '--policy', like, '--out', out, '--format', 'icclab'];
    expect(scan(...args).status).toBe(0);
    const now = new Date();
    const path = [now, new Date(now.getTime() - 3600_000)]
      .map((at) => join(out, `NMap-${at.getMonth() + 1}-${at.getDate()}.json`))
      .find(existsSync);
    const text = readFileSync(path ?? '', 'utf8');
    const { VMs, number_vms } = JSON.parse(text) as { VMs: Record<string, unknown>[]; number_vms: number };
    expect(number_vms).toBe(VMs.length);
    expect(text.startsWith('{\n    "VMs": [\n        {\n            "host": ')).toBe(true);
    const [first = {}] = VMs;
    expect(Object.keys(first)).toEqual(['host', 'name', 'ports', 'state', 'tenant', 'user']);
    expect(Object.keys((first['ports'] as object[])[0] ?? {})).toEqual(['name', 'port', 'reason', 'state']);
    const found = Object.fromEntries(VMs.map(({ host, name, tenant, user }) => [host, [name, tenant, user]]));
    expect(found).toMatchObject({ '203.0.113.66': ['', '', ''], '203.0.113.121': ['build-1', 'p-globex', 'u-bob'] });
    expect(found['203.0.113.130']).toEqual(['203.0.113.130', 'p-globex', '']);
    expect(text).toContain('"reason": "syn-ack"');
  });

  it('keeps what is done at Ctrl-C, and goes on with the rest', async () => {
    const runs = join(folder, 'interrupted');
    const child = spawn(...command('scan', '198.51.100.0/24', '--tcp', '80-99', '--state', runs));
    const ended = exitOf(child);
    // nmap finishes 64 addresses at a time.
    const file = (): string | undefined => hostFile(runs);
    for (let i = 0; i < 600 && lineCount(file()) < 64; i++) await sleep(50);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^vedette: interrupted: (\d+) of 256 addresses are scanned and kept as \S+; vedette exposure scan --resume goes on\n$/,
    );
    const kept = lineCount(file());
    expect(kept).toBeGreaterThanOrEqual(64);
    expect(kept).toBeLessThan(256);
    const { status, stdout } = vedette('scan', '--resume', '--state', runs, '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as ExposureReport;
    expect(report).toMatchObject({ partial: false, scan: { addresses: 256, scanned: 256, answered: 6, targets: ['198.51.100.0/24'] } });
    expect(report.exposures.map(({ address, port }) => `${address}:${port}`)).toEqual(['198.51.100.1:80']);
    // Each address once, and once more the one whose service was asked.
    expect(lineCount(file())).toBe(257);
    expect(vedette('scan', '--resume', '--state', runs)).toMatchObject({ status: 2, stderr: expect.stringContaining('unfinished') });
  });

  it('gives a host up that takes too long, and goes on with the others', () => {
    const { status, stdout } = scan(
      '198.51.100.0-3',
      '198.51.100.200',
      '--tcp',
      '1-400',
      '--rate',
      '300',
      '--host-timeout',
      '3s',
      '--json',
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as ExposureReport;
    expect(report.scan.failed).toBeGreaterThan(0);
    expect(report.partial).toMatch(/of 5 addresses could not be scanned/);
  });
});

function exitOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })));
}

function hostFile(state: string): string | undefined {
  const found = spawnSync('find', [state, '-name', 'hosts.ndjson'], { encoding: 'utf8' }).stdout.trim();
  return found === '' ? undefined : found;
}

const lineCount = (path: string | undefined): number => (path === undefined ? 0 : readFileSync(path, 'utf8').split('\n').length - 1);
