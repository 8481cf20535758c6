import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder, temporaryTree } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const main = join(repository, 'src/main.ts');
const dumps = join(repository, 'src/cloud/openstack-dump/fixtures');
const sample = join(repository, 'samples/inventory.yaml');

function vedette(...args: readonly string[]): { code: number | null; out: string; err: string } {
  const child = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  return { code: child.status, out: child.stdout, err: child.stderr };
}

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe('vedette inventory and whois', () => {
  it('keep what was read, and answer from it', () => {
    const state = temporaryFolder();
    const synced = vedette('inventory', 'sync', '--from', dumps, '--cloud', 'lab', '--state', state, '--json');
    expect({ code: synced.code, ...json(synced.out) }).toMatchObject({
      code: 0,
      cloud: 'lab',
      counts: { machines: 8, ports: 20 },
      gone: 0,
    });
    const again = json(vedette('inventory', 'sync', '--from', dumps, '--cloud', 'lab', '--state', state, '--json').out);
    expect(again).toMatchObject({ changed: 0, gone: 0 });
    expect(again['appendedBytes']).toBeLessThan(1000);
    const who = json(vedette('whois', '203.0.113.111:80', '--state', state, '--json').out);
    expect(who).toMatchObject({ schema: 1, candidates: [{ name: 'web-1', projectName: 'acme-web' }], exposures: [{ verdict: 'unknown' }] });
    expect(vedette('inventory', 'show', 'machines', '--project', 'globex-lab', '--state', state).out).toMatch(
      /build-1.*\n.*build-2|build-2.*\n.*build-1/,
    );
    expect(
      vedette('inventory', 'show', 'ports', '--address', '10.0.1.11', '--state', state, '--json').out.match(/10\.0\.1\.11/g),
    ).toHaveLength(2);
    expect(vedette('inventory', 'history', 'fa:16:3e:db:9a:33', '--state', state).out).toContain('build-1');
    const exported = vedette('inventory', 'export', '--state', state);
    const file = join(temporaryTree({ 'again.yaml': exported.out }), 'again.yaml');
    expect(json(vedette('whois', '203.0.113.121', '--inventory', file, '--json').out)).toMatchObject({ candidates: [{ name: 'build-1' }] });
  });

  it('make names safe to look at', () => {
    const file = join(temporaryTree({ 'inventory.yaml': 'machines: [{name: "a\\e[31mb\\u202e"}]\n' }), 'inventory.yaml');
    const { out } = vedette('inventory', 'show', 'machines', '--inventory', file);
    expect(out).toContain('a⟨U+001B⟩[31mb⟨U+202E⟩');
  });

  it.each([
    [['whois', '10.0.0.1', '--state', '/nowhere'], 2, /\/nowhere: holds no inventory; make one with vedette inventory sync/],
    [['whois', 'web-1', '--inventory', sample], 2, /"web-1" is not ADDRESS/],
    [['whois', '10.0.0.1:99999', '--inventory', sample], 2, /is not ADDRESS/],
    [['whois', '10.0.0.1', '--at', 'tuesday', '--inventory', sample], 2, /"tuesday" is not a time such as/],
    [['inventory', 'sync', '--state', '/tmp'], 2, /name what to read: --cloud or --from/],
    [['inventory', 'sync', '--from', '/nowhere/x.yaml', '--state', '/tmp'], 2, /no such file/],
    [['inventory', 'sync', '--from', sample, '--every', '0s'], 2, /is not a length of time/],
    [['inventory', 'sync', '--from', sample, '--state', '/proc/nope'], 4, /\/proc\/nope\/inventory: cannot be written/],
    [['inventory', 'show', 'web-2', '--inventory', sample], 2, /web-2 is in no item of sample \(did you mean web-1\?\)/],
    [['inventory', 'export', '--format', 'xml', '--inventory', sample], 2, /--format is yaml or json/],
    [['inventory', 'histroy'], 2, /unknown command 'histroy'; did you mean history\?/],
    [['analyze', join(repository, 'samples/benign.pcap'), '--inventory', '/nowhere.yaml'], 2, /no such file/],
  ])('%j ends with %i in one line', (args, code, sentence) => {
    const result = vedette(...args);
    expect({ code: result.code, lines: result.err.split('\n').length }).toEqual({ code, lines: 2 });
    expect(result.err).toMatch(sentence);
  });

  it('refuse an older reading than the last', () => {
    const state = temporaryFolder();
    const folder = temporaryTree({
      'new.yaml': 'cloud: c\nasOf: 2026-01-02\nmachines: [{name: a}]',
      'old.yaml': 'cloud: c\nasOf: 2026-01-01\nmachines: [{name: a}]',
    });
    expect(vedette('inventory', 'sync', '--from', join(folder, 'new.yaml'), '--state', state).code).toBe(0);
    expect(vedette('inventory', 'sync', '--from', join(folder, 'old.yaml'), '--state', state)).toMatchObject({
      code: 3,
      err: expect.stringContaining('2026-01-02'),
    });
  });

  it('read again and again until interrupted, and survive being killed', async () => {
    const state = temporaryFolder();
    const folder = temporaryTree({ 'inventory.yaml': 'cloud: c\nmachines: [{name: a}]' });
    const file = join(folder, 'inventory.yaml');
    const start = (): ChildProcess =>
      spawn(process.execPath, [main, 'inventory', 'sync', '--from', file, '--state', state, '--every', '1s', '--json']);
    const lines = (child: ChildProcess, count: number): Promise<void> =>
      new Promise((resolve) => {
        let seen = 0;
        child.stdout?.on('data', (chunk: Buffer) => {
          seen += chunk.toString().split('\n').length - 1;
          if (seen >= count) resolve();
        });
      });
    const first = start();
    await lines(first, 1);
    writeFileSync(file, 'cloud: c\nmachines: [{name: b}]');
    await lines(first, 2);
    first.kill('SIGKILL');
    await new Promise((resolve) => first.on('exit', resolve));
    const second = start();
    await lines(second, 1);
    second.kill('SIGINT');
    const code = await new Promise((resolve) => second.on('exit', resolve));
    expect(code).toBe(0);
    expect(existsSync(join(state, 'inventory/c.ndjson.lock'))).toBe(false);
    const gone = json(vedette('inventory', 'history', 'a', '--state', state, '--json').out);
    expect(gone).toMatchObject({ versions: [{ kind: 'machines', name: 'a', to: expect.any(String) }] });
    expect(readFileSync(join(state, 'inventory/c.ndjson'), 'utf8')).toContain('"journal":1');
  }, 30_000);
});
