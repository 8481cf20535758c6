import { expect, it } from 'vitest';
import { deafFile } from '../../../../test/build/fake-flow.ts';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { ftpData } from './ftp-data.ts';

it('is confirmed by being announced, and never by content', () => {
  expect(runSession(ftpData, []).services).toEqual(['ftp-data']);
  expect(probe(ftpData, client('anything'))).toBe('no');
});

it('opens one file a side', () => {
  const sides: boolean[] = [];
  const openFile = (options: { fromClient: boolean }) => {
    sides.push(options.fromClient);
    return deafFile;
  };
  runSession(ftpData, [server('a'), server('b'), client('c')], { openFile });
  expect(sides).toEqual([false, true]);
});
