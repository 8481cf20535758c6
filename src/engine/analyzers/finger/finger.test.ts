import { describe, expect, it } from 'vitest';
import { client, runSession, server } from '../../../../test/build/run-session.ts';
import { finger } from './finger.ts';

describe('finger', () => {
  it('is confirmed by a request for somebody, or by a real answer', () => {
    expect(runSession(finger, [client('/W julien\r\n')]).services).toEqual(['finger']);
    expect(runSession(finger, [client('\r\n'), server('Login: root  Name: root\n')]).services).toEqual(['finger']);
    expect(runSession(finger, [client('\r\n'), server('nobody\n')]).services).toEqual([]);
  });

  it('is refused for bytes that are no text, and passes over endless lines', () => {
    expect(runSession(finger, [client('\xff\xfe\x80\n')])).toMatchObject({ services: [], rejected: 'not text' });
    expect(runSession(finger, [client('A'.repeat(1200)), client('A'.repeat(100)), client('\r\n')]).services).toEqual([]);
  });
});
