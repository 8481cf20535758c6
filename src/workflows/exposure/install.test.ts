import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExposureBench } from '../../../test/support/exposure-bench.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type InstallRequest, install, installFiles } from './install.ts';

removeTemporaryFolders();

const request = (more: Partial<InstallRequest> = {}): InstallRequest => ({
  ...{
    kind: 'systemd',
    time: '2:05',
    user: 'root',
    directory: '/etc/systemd/system',
    args: ['--cloud', 'prod', '--authorisation', `it's "change" 100% $HOME`],
  },
  ...more,
});

describe('install', () => {
  it('writes a service and a timer, with every argument as it was', () => {
    const [service, timer] = installFiles(request(), '/opt/vedette/vedette');
    expect(service?.path).toBe('/etc/systemd/system/vedette-exposure.service');
    expect(service?.content).toContain(
      String.raw`ExecStart=/opt/vedette/vedette exposure scan --cloud prod --authorisation "it's \"change\" 100%% $$HOME"`,
    );
    expect(timer?.content).toContain('OnCalendar=*-*-* 02:05:00 UTC\n');
  });

  it('writes a line for cron, quoted for its shell', () => {
    const [file] = installFiles(request({ kind: 'cron', directory: '/etc/cron.d' }), '/opt/vedette/vedette');
    expect(file?.path).toBe('/etc/cron.d/vedette-exposure');
    expect(file?.content).toContain(
      String.raw`5 2 * * *  root  /opt/vedette/vedette exposure scan --cloud prod --authorisation 'it'\''s "change" 100\% $HOME'`,
    );
  });

  it('refuses what neither could hold', () => {
    expect(() => installFiles(request({ args: ['a\nb'] }), '/v')).toThrow(/control character/);
    expect(() => installFiles(request({ time: '24:00' }), '/v')).toThrow(/no time of the day/);
  });

  it('replaces its own files and no others', () => {
    const directory = temporaryFolder();
    const { dependencies } = new ExposureBench(directory);
    install(request({ kind: 'cron', directory }), dependencies);
    install(request({ kind: 'cron', directory, time: '03:00' }), dependencies);
    const path = join(directory, 'vedette-exposure');
    expect(readFileSync(path, 'utf8')).toContain('0 3 * * *');
    expect(statSync(path).mode & 0o022).toBe(0);
    writeFileSync(path, '* * * * * root mine\n');
    expect(() => install(request({ kind: 'cron', directory }), dependencies)).toThrow(/was not made by vedette/);
    expect(readFileSync(path, 'utf8')).toBe('* * * * * root mine\n');
  });
});
