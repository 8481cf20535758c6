import { expect, it } from 'vitest';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { rfb } from './rfb.ts';

it("is confirmed by the client's version", () => {
  expect(runSession(rfb, [server('RFB 003.008\n')]).services).toEqual([]);
  expect(runSession(rfb, [server('RFB 003.008\n'), client('RFB '), client('003.008\n')])).toMatchObject({
    services: ['rfb'],
    finished: true,
  });
  expect(runSession(rfb, [server('RFB hello!!\n')])).toMatchObject({ services: [], rejected: 'no version' });
  expect(probe(rfb, server('RFB 003'))).toBe('yes');
  expect(probe(rfb, server('RTSP/1.0'))).toBe('no');
});
