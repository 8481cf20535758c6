// Cases and evidence as a person meets them, on a sample.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

describe('a case and its evidence', () => {
  let folder = '';
  const at = (name: string): string => join(folder, name);
  const vedette = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(repository, 'src/main.ts'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
  const onCases = (...args: readonly string[]) => vedette(...args, '--state', at('state'));

  beforeAll(() => {
    folder = temporaryFolder();
    copyFileSync(join(repository, 'samples/reverse-shell.pcap'), at('c.pcap'));
    expect(vedette('analyze', 'c.pcap', '--out', 'out').status).toBe(0);
    expect(onCases('case', 'create', '--from', 'out')).toMatchObject({
      status: 0,
      stdout: 'case-2026-001 made: Attack sequence: 10.0.1.12 (7 findings)\n'.replace('2026', String(new Date().getUTCFullYear())),
    });
  });
  const id = `case-${new Date().getUTCFullYear()}-001`;

  it('is worked on, and closed only when everything is done, or with a reason', () => {
    expect(onCases('case', 'check', id, 'extent', '--note', 'one').status).toBe(0);
    expect(onCases('case', 'check', id, 'monitor', '--due', '2020-01-01').status).toBe(0);
    expect(onCases('case', 'list', '--due')).toMatchObject({ status: 1, stdout: `${id}  monitor due 2020-01-01\n` });
    expect(onCases('case', 'close', id)).toMatchObject({ status: 3, stderr: expect.stringContaining('this is open: evidence, malware') });
    expect(onCases('case', 'close', id, '--reason', 'a drill').status).toBe(0);
    expect(onCases('case', 'status', id, 'open').status).toBe(0);
    expect(JSON.parse(onCases('case', 'show', id, '--json').stdout)).toMatchObject({ id, status: 'open', checklist: expect.any(Array) });
  });

  it('is sealed, verified, altered and found out', () => {
    expect(onCases('evidence', 'key').status).toBe(0);
    const made = onCases('evidence', 'collect', id, '--out', 'bundle', '--tar', '--all-packets', '--json');
    expect(made.status).toBe(0);
    const pub = at('state/evidence-key.pem.pub');
    expect(vedette('evidence', 'verify', 'bundle', '--trusted-key', pub)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('the trusted key'),
    });
    expect(vedette('evidence', 'verify', 'bundle.tar.gz', '--trusted-key', pub).status).toBe(0);
    expect(readdirSync(at('bundle/packets')).sort()).toEqual(['findings.pcapng', 'machine-10.0.1.12.pcapng']);
    expect(readdirSync(at('bundle/logs')).sort()).toEqual(['conn.log', 'files.log', 'http.log', 'interaction.log']);
    expect(onCases('evidence', 'collect', id, '--out', 'bundle')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('is never replaced'),
    });
    expect(vedette('evidence', 'hand-over', 'bundle', '--to', 'police').status).toBe(0);
    expect(vedette('evidence', 'verify', 'bundle').stdout).toContain('handed over to police');
    const packets = at('bundle/packets/findings.pcapng');
    const bytes = readFileSync(packets);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(packets, bytes);
    const found = vedette('evidence', 'verify', 'bundle', '--json');
    expect(found.status).toBe(1);
    expect(JSON.parse(found.stdout)).toMatchObject({ isWhole: false, problems: [{ path: 'packets/findings.pcapng', kind: 'changed' }] });
    expect(vedette('evidence', 'hand-over', 'bundle', '--to', 'police')).toMatchObject({ status: 3 });
  });

  it('names what could not be had, and a capture that is not the one that was analysed', () => {
    copyFileSync(at('c.pcap'), at('kept.pcap'));
    writeFileSync(at('c.pcap'), readFileSync(at('c.pcap')).subarray(0, -100));
    const changed = onCases('evidence', 'collect', '--from', 'out', '--out', 'changed');
    expect(changed).toMatchObject({ status: 4, stdout: expect.stringContaining('the capture changed since the analysis') });
    expect(vedette('evidence', 'verify', 'changed').status).toBe(0);
    const gone = onCases('evidence', 'collect', id, '--capture', 'gone.pcap', '--out', 'gone');
    expect(gone).toMatchObject({ status: 4, stdout: expect.stringContaining('Missing: packets of gone.pcap') });
    copyFileSync(at('kept.pcap'), at('c.pcap'));
  });

  it('is reported and told of in files that are not replaced', () => {
    expect(onCases('case', 'report', id, '--out', 'papers', '--lang', 'nb').status).toBe(0);
    const notice = onCases('case', 'notice', id, '--out', 'papers', '--ours', '192.0.2.0/24');
    expect(notice).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(at(`papers/notice-${id}.md`), 'utf8').replaceAll('\\', '')).toContain('203.0.113.162');
    expect(onCases('case', 'notice', id, '--out', 'papers')).toMatchObject({ status: 3 });
  });

  it('keeps a message that cannot be delivered', () => {
    writeFileSync(at('vedette.yaml'), 'notify: {hook: {type: webhook, url: "http://127.0.0.1:20001/hunter2", attempts: 1}}\n');
    const told = onCases('case', 'notify', id, '--to', 'hook', '--config', 'vedette.yaml');
    expect(told).toMatchObject({ status: 4, stdout: `${id}: hook not notified (ECONNREFUSED); kept, try vedette case notify --retry\n` });
    expect(readdirSync(at('state/outbox'))).toHaveLength(1);
    expect(onCases('case', 'notify', '--retry', '--config', 'vedette.yaml').status).toBe(4);
    expect(onCases('case', 'notify', id, '--to', 'hok', '--config', 'vedette.yaml')).toMatchObject({ status: 2 });
    expect(onCases('case', 'show', id).stdout).not.toContain('hunter2');
  });

  it.each([
    [['case', 'show', 'case-2026-999'], 2, 'there is no case'],
    [['case', 'create', '--from', 'nowhere'], 2, 'nowhere/findings.ndjson: no such file'],
    [['case', 'create', '--from', 'out', '--finding', 'D99-x'], 2, 'has no finding D99-x'],
    [['case', 'check', id, 'malwear'], 2, 'choose one of'],
    [['case', 'check', id, 'extent', '--due', '2026-02-30'], 2, 'give a day'],
    [['case', 'check', id, 'malware', '--mark', 'not-needed'], 2, 'must say why'],
    [['case', 'note', id, ' '], 2, 'must not be empty'],
    [['case', 'notify', id], 2, 'name a channel'],
    [['case', 'notice', id, '--out', 'p2', '--machine', 'web-9'], 2, 'the case is not about web-9'],
    [['evidence', 'collect', '--out', 'x'], 2, 'say what to collect'],
    [['evidence', 'collect', id, '--from', 'out', '--out', 'x'], 2, 'not both'],
    [['evidence', 'collect', id, '--out', 'x', '--tsa', 'ftp://x'], 2, 'give a URL'],
    [['evidence', 'collect', id, '--out', 'x', '--key', 'c.pcap'], 3, 'others may read this key'],
    [['evidence', 'collect', id, '--out', 'x', '--cloud', 'no-such-cloud'], 2, 'no-such-cloud'],
    [['evidence', 'key'], 3, 'never replaced'],
  ])('refuses %j', (args, status, sentence) => {
    const run = onCases(...args);
    expect(run).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(sentence) });
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(at('x'))).toBe(false);
  });

  it('is not verified where there is no bundle', () => {
    mkdirSync(at('empty'));
    expect(vedette('evidence', 'verify', 'empty')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is not an evidence bundle'),
    });
    expect(vedette('evidence', 'verify', 'c.pcap')).toMatchObject({ status: 2 });
    expect(vedette('evidence', 'verify', 'nothing')).toMatchObject({ status: 2 });
    expect(vedette('evidence', 'stamp', 'out', '--tsa', 'http://127.0.0.1:20001')).toMatchObject({ status: 2 });
  });
});
