// Packets that vedette cuts, before the tools that people open them with.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { describeNeeding } from '../support/machine.ts';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const vedette = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(repository, 'src/main.ts'), ...args], { cwd: repository, encoding: 'utf8', maxBuffer: 1 << 26 });

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

describeNeeding('vedette packets', { tools: ['tshark', 'capinfos'] }, () => {
  const sample = 'samples/reverse-shell.pcap';
  let out = '';
  let shell: Finding;

  beforeAll(() => {
    out = join(temporaryFolder(), 'case');
    expect(vedette('analyze', sample, '--out', out).status).toBe(0);
    const findings = readFileSync(join(out, 'findings.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Finding);
    shell = findings.find(({ detector }) => detector === 'D31-interactive-shell') as Finding;
  });

  it('cuts all packets of a finding, with its id and the uid as comments', () => {
    const cut = join(out, 'shell.pcapng');
    expect(vedette('packets', sample, '--finding', shell.id, '--findings', out, '-o', cut)).toMatchObject({ status: 0, stderr: '' });
    expect(run('capinfos', cut)).toMatch(new RegExp(`Capture comment:\\s+finding ${shell.id}`));
    const [uid = ''] = shell.records;
    const port =
      vedette('cut', 'uid', 'id.orig_p', '--input', join(out, 'conn.log'))
        .stdout.split('\n')
        .find((line) => line.startsWith(uid))
        ?.split('\t')[1] ?? '';
    const shown = run('tshark', '-r', cut, '-T', 'fields', '-e', 'tcp.port', '-e', 'frame.comment').trimEnd().split('\n');
    const all = run('tshark', '-r', join(repository, sample), '-Y', `tcp.port == ${port}`).trimEnd().split('\n');
    expect(shown).toHaveLength(all.length);
    for (const line of shown) expect(line).toMatch(new RegExp(`\\b${port}\\b.*uid ${uid}`));
  });

  it('cuts one connection by its uid, and the packets of a filter, also into a pipe', () => {
    const [uid = ''] = shell.records;
    const one = join(out, 'one.pcapng');
    expect(vedette('packets', sample, '--uid', uid, '--from', out, '-o', one).status).toBe(0);
    const filter = `host 203.0.113.162 and tcp port 8000`;
    const some = join(out, 'some.pcapng');
    expect(vedette('packets', sample, '--filter', filter, '-o', some).status).toBe(0);
    const wanted = run('tshark', '-r', join(repository, sample), '-Y', 'ip.addr == 203.0.113.162 && tcp.port == 8000')
      .trimEnd()
      .split('\n');
    expect(run('tshark', '-r', some).trimEnd().split('\n')).toHaveLength(wanted.length);
    expect(vedette('packets', sample, '--filter', filter, '-o', '-').stdout.length).toBeGreaterThan(1000);
  });

  it('finds the tenant inside of a tunnel', () => {
    const cut = join(out, 'tenant.pcapng');
    const both = vedette('packets', 'samples/mirrored-tenants.pcap', '--filter', 'host 10.0.0.9', '--json', '-o', cut);
    const one = vedette(
      'packets',
      'samples/mirrored-tenants.pcap',
      '--filter',
      'host 10.0.0.9 and context vxlan:12',
      '--json',
      '-o',
      cut,
      '--force',
    );
    const count = (text: string): number => (JSON.parse(text) as { packets: number }).packets;
    expect(count(one.stdout)).toBeGreaterThan(0);
    expect(count(one.stdout)).toBeLessThan(count(both.stdout));
  });

  it.each([
    [['--filter', 'host nowhere'], 2, /cannot read the filter: "nowhere" is not an address or CIDR; see vedette packets --help/],
    [['--filter', 'host 192.0.2.77'], 2, /no packet matches/],
    [['--finding', 'D31-x'], 2, /--finding needs --findings/],
    [[], 2, /name what to cut/],
  ])('answers %j with code %i and one line', (args, code, line) => {
    const { status, stderr } = vedette('packets', sample, ...args, '-o', join(out, 'never.pcapng'));
    expect({ status, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: code, lines: 1 });
    expect(stderr).toMatch(line);
  });

  it('replaces no file unless told to', () => {
    const { status, stderr } = vedette('packets', sample, '--filter', 'tcp', '-o', join(out, 'conn.log'));
    expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringMatching(/exists/) });
  });
});
