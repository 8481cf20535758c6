import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { VedetteError } from '../../base/errors.ts';
import { openCaseDirectory } from '../../store/case-directory/case-directory.ts';
import { openOutbox } from '../../store/outbox-directory/outbox-directory.ts';
import { Cases } from './cases.ts';
import { CaseNotices } from './notify.ts';

removeTemporaryFolders();

const actor = { who: 'ines', host: 'net-1' };
const now = (): Date => new Date('2026-11-29T10:00:00Z');

describe('telling channels of a case', () => {
  let state = '';
  let caseId = '';
  let cases: Cases;
  let sent: { channel: string; id: string }[] = [];
  let isDown = false;
  const notices = (channels: readonly string[] = ['team', 'siem']): CaseNotices => {
    let ids = 0;
    return new CaseNotices({
      ...{ cases, outbox: openOutbox(state, now), now, newId: () => `id-${ids++}`, channels },
      notifier: async (channel) => ({
        send: async ({ id }) => {
          if (isDown && channel === 'team') throw new VedetteError('notify-failed', { channel, reason: 'HTTP 503' });
          sent.push({ channel, id });
        },
      }),
    });
  };
  beforeEach(async () => {
    state = temporaryFolder();
    const store = openCaseDirectory(state);
    cases = new Cases({ store, now, actor, readText: async () => '', absolute: (path) => path, sha256: () => '' });
    ({ id: caseId } = await store.create(
      { event: 'created', title: 'Shell', findings: [], subjects: [], from: '/x', findingsSha256: '', ...actor, at: now().toISOString() },
      { 'findings.ndjson': '' },
    ));
    [sent, isDown] = [[], false];
  });
  const waiting = (): string[] => readdirSync(join(state, 'outbox'));

  it('tells each once, writes it into the journal, and keeps nothing', async () => {
    expect(await notices().notify(caseId, ['all', 'team'], undefined)).toMatchObject([
      { channel: 'team', delivered: true },
      { channel: 'siem', delivered: true },
    ]);
    expect((await cases.get(caseId)).events.map(({ event }) => event)).toEqual(['created', 'notified', 'notified']);
    expect(waiting()).toEqual([]);
  });

  it('keeps what failed, for its owner alone, and sends it later under the same id', async () => {
    isDown = true;
    expect(await notices().notify(caseId, ['all'], 'look')).toMatchObject([{ delivered: false, reason: 'HTTP 503' }, { delivered: true }]);
    const [name = ''] = waiting();
    expect(statSync(join(state, 'outbox', name)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(state, 'outbox', name), 'utf8'))).toMatchObject({
      channel: 'team',
      attempts: 1,
      lastReason: 'HTTP 503',
    });
    expect(await notices().retry()).toMatchObject([{ delivered: false }]);
    isDown = false;
    expect(await notices().retry()).toMatchObject([{ channel: 'team', delivered: true, id: 'id-0' }]);
    expect(waiting()).toEqual([]);
    expect(await notices().retry()).toEqual([]);
  });

  it('sends nothing at all when one of the names is wrong', async () => {
    await expect(notices().notify(caseId, ['siem', 'taem'], undefined)).rejects.toMatchObject({ code: 'channel-unknown' });
    await expect(notices([]).notify(caseId, ['all'], undefined)).rejects.toMatchObject({ code: 'channel-unknown' });
    await expect(notices().notify('case-2026-999', ['siem'], undefined)).rejects.toMatchObject({ code: 'case-unknown' });
    expect(sent).toEqual([]);
  });

  it('is not sent twice by two at a time, and not lost by one that died', async () => {
    isDown = true;
    await notices().notify(caseId, ['team'], undefined);
    isDown = false;
    const [one, two] = await Promise.all([notices().retry(), notices().retry()]);
    expect(one.length + two.length).toBe(1);
    const outbox = openOutbox(state, now);
    const { key } = await outbox.put('team', (await import('../../../test/build/notification.ts')).nastyNotification);
    expect(await outbox.take(key)).toMatchObject({ key });
    expect(await outbox.take(key)).toBeUndefined();
    expect(await outbox.waiting()).toEqual([]);
    const [name = ''] = waiting();
    utimesSync(join(state, 'outbox', name), 1, 1);
    expect(await outbox.waiting()).toMatchObject([{ key }]);
  });

  it('stops keeping when there are too many', async () => {
    const outbox = openOutbox(state, now);
    const { nastyNotification } = await import('../../../test/build/notification.ts');
    for (let i = 0; i < 1000; i++) await outbox.put(`c${i}`, nastyNotification);
    await expect(outbox.put('last', nastyNotification)).rejects.toMatchObject({ code: 'outbox-full', kind: 'refused' });
  });
});
