import { expect, it } from 'vitest';
import { deafFile } from '../../../../test/build/fake-flow.ts';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { ircDccData } from './irc-dcc-data.ts';

it('takes what the listening end sends for the file', () => {
  const sides: boolean[] = [];
  const openFile = (options: { fromClient: boolean }) => {
    sides.push(options.fromClient);
    return deafFile;
  };
  const flow = runSession(ircDccData, [client('\0\0\0\x01'), server('content')], { openFile });
  expect(flow.services).toEqual(['irc-dcc-data']);
  expect(sides).toEqual([false]);
  expect(probe(ircDccData, server('x'))).toBe('no');
});
