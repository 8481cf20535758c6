import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ExposureBench } from '../../../test/support/exposure-bench.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openExposureDirectory } from '../../store/exposure-directory/exposure-directory.ts';
import { sendWaitingMail } from './mail.ts';
import { diffReports, exposureHistory, openReport } from './reports.ts';

removeTemporaryFolders();

const range = ['203.0.113.0/24'];
let bench = new ExposureBench('');
const fresh = (): ExposureBench => {
  bench = new ExposureBench(temporaryFolder());
  bench.scanner.open = { '203.0.113.7': [22, 8080], '203.0.113.9': [8080] };
  return bench;
};
const archive = (): ReturnType<typeof openExposureDirectory> => openExposureDirectory(bench.state);

afterEach(() => process.removeAllListeners('SIGINT'));

describe('a scan', () => {
  it('finds out which address makes the engine fail, and has all the others', async () => {
    fresh().scanner.onAddress = (address) => (address === '203.0.113.77' ? 'nmap: crashed' : undefined);
    const { report } = await bench.scan(range);
    expect(report.scan).toMatchObject({ addresses: 256, scanned: 255, failed: 1 });
    expect(report.partial).toBe('1 of 256 addresses could not be scanned');
    expect(report.scan.notes).toContain('203.0.113.77 could not be scanned: nmap: crashed');
    expect(report.exposures.map(({ address, port }) => `${address}:${port}`)).toEqual([
      '203.0.113.7:8080',
      '203.0.113.9:8080',
      '203.0.113.7:22',
    ]);
    expect(bench.scanner.attempts.length).toBeLessThan(30);
  });

  it('gives up when nothing can be scanned at all, and says why', async () => {
    fresh().scanner.onAddress = () => 'nmap: cannot open the network';
    await expect(bench.scan(range)).rejects.toMatchObject({ code: 'scan-failed', details: { reason: 'nmap: cannot open the network' } });
    expect(bench.scanner.attempts.length).toBe(3);
  });

  it('keeps what is done when it is interrupted, compares it with nothing, and goes on', async () => {
    const stop = new AbortController();
    fresh().scanner.onAddress = (address) => {
      if (address === '203.0.113.8') stop.abort();
      return undefined;
    };
    await expect(bench.scan(range, { signal: stop.signal })).rejects.toMatchObject({
      code: 'scan-interrupted',
      details: { reason: 'interrupted', done: 1, total: 256, id: '2026-11-30T021500Z' },
    });
    const directory = join(bench.state, 'exposure/2026-11-30/021500Z');
    expect(JSON.parse(readFileSync(join(directory, 'partial.json'), 'utf8'))).toMatchObject({ partial: 'interrupted' });
    expect(() => openReport(archive())).toThrow(/holds no exposure report/);
    expect(archive().runs()).toEqual([{ id: '2026-11-30T021500Z', state: 'partial' }]);
    // The process was killed while it wrote a line.
    appendFileSync(join(directory, 'hosts.ndjson'), '{"address":"203.0.1');
    bench.scanner.onAddress = () => undefined;
    const { report } = await bench.scan([], { resume: true });
    expect(bench.scanner.attempts).toEqual([256, 255]);
    expect(report).toMatchObject({ partial: false, id: '2026-11-30T021500Z', scan: { scanned: 256, targets: range } });
    expect(existsSync(join(directory, 'lock'))).toBe(false);
    await expect(bench.scan([], { resume: true })).rejects.toMatchObject({ code: 'exposure-none' });
  });

  it('does not begin outside of its window, and leaves nothing behind', async () => {
    fresh().now = new Date('2026-11-30T12:00:00Z');
    const choice = {
      targets: range,
      exclude: [],
      engine: 'auto',
      rate: 1000,
      versions: false,
      banners: false,
      authorisation: '',
      window: '01:00-05:00',
    } as const;
    await expect(bench.scan([], { choice })).rejects.toMatchObject({ code: 'scan-window', kind: 'refused' });
    expect(archive().runs()).toEqual([]);
  });

  it('leaves out what is excluded, and says so when nothing is left', async () => {
    const choice = {
      exclude: ['203.0.113.0/25'],
      engine: 'auto',
      rate: 1000,
      versions: false,
      banners: false,
      authorisation: '',
      window: '',
    } as const;
    const { report } = await fresh().scan([], { choice: { ...choice, targets: range } });
    expect(report.scan).toMatchObject({ addresses: 128, excluded: ['203.0.113.0/25'] });
    await expect(bench.scan([], { choice: { ...choice, targets: ['203.0.113.7'] } })).rejects.toMatchObject({ code: 'scan-nothing' });
    await expect(bench.scan([])).rejects.toMatchObject({ code: 'scan-nothing' });
    await expect(bench.scan(['10.0.0.0/8'])).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('the archive', () => {
  it('shows reports by day, their differences and their course', async () => {
    await fresh().scan(range);
    bench.now = new Date('2026-12-01T02:15:00Z');
    bench.scanner.open = { '203.0.113.7': [22, 443] };
    await bench.scan(range);
    expect(openReport(archive(), '2026-11-30').report.id).toBe('2026-11-30T021500Z');
    const { before, after, changes } = diffReports(archive());
    expect([before?.id, after.id]).toEqual(['2026-11-30T021500Z', '2026-12-01T021500Z']);
    expect(changes.map(({ change, exposure }) => `${change} ${exposure.address}:${exposure.port}`)).toEqual([
      'gone 203.0.113.7:8080',
      'gone 203.0.113.9:8080',
    ]);
    expect(diffReports(archive(), '2026-12-01', '2026-11-30').changes).toHaveLength(2);
    expect(exposureHistory(archive(), 30, '203.0.113.7').map(({ standing, ports }) => [standing, ports?.length])).toEqual([
      [2, 2],
      [0, 2],
    ]);
    expect(() => openReport(archive(), '2026-10-01')).toThrow(/of 2026-10-01/);
  });

  it('gives two runs of one second different ids', async () => {
    const { report: first } = await fresh().scan(range);
    const { report: second } = await bench.scan(range);
    expect([first.id, second.id]).toEqual(['2026-11-30T021500Z', '2026-11-30T021501Z']);
  });
});

describe('mail', () => {
  const mail = { channel: 'admins', always: false, projects: false };

  it('that cannot be delivered is tried again, kept, and sent later; the report is there', async () => {
    fresh().mailFails = true;
    const { mailError, report } = await bench.scan(range, { mail });
    expect(mailError).toMatchObject({
      code: 'mail-failed',
      kind: 'unavailable',
      details: { server: 'mail.example:25', reason: 'ECONNREFUSED' },
    });
    expect(bench.waits).toEqual([1000, 4000]);
    expect(openReport(archive()).report.id).toBe(report.id);
    expect(archive().waitingMail()).toMatchObject([{ mail: { attempts: 3, lastReason: 'ECONNREFUSED' } }]);
    await expect(sendWaitingMail(archive(), bench.dependencies)).rejects.toMatchObject({ code: 'mail-failed' });
    bench.mailFails = false;
    expect(await sendWaitingMail(archive(), bench.dependencies)).toMatchObject([{ delivered: true }]);
    expect(archive().waitingMail()).toEqual([]);
    expect(bench.mails.map(({ attachments }) => attachments.map(({ name }) => name))).toEqual([
      ['exposure-2026-11-30T021500Z.json', 'exposure-2026-11-30T021500Z.html'],
    ]);
  });

  it('of an earlier night goes out with the next run', async () => {
    fresh().mailFails = true;
    await bench.scan(range, { mail });
    bench.mailFails = false;
    bench.now = new Date('2026-12-01T02:15:00Z');
    const { mails } = await bench.scan(range, { mail });
    expect(mails.map(({ runId }) => runId)).toEqual(['2026-11-30T021500Z']);
  });
});
