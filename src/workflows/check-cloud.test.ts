import { describe, expect, it, vi } from 'vitest';
import type { CloudSurvey } from '../cloud/survey.ts';
import { checkCloud } from './check-cloud.ts';

const survey: CloudSurvey = {
  identity: { userId: 'u', userName: 'user', roles: ['reader'], isAdmin: false },
  scope: 'project p',
  services: [
    { type: 'identity', url: 'http://k/v3', latencyMs: 3 },
    { type: 'network', problem: 'the catalogue does not have it' },
  ],
  kinds: [],
  gaps: [],
  mayChange: 'nothing',
};

describe('checking a cloud', () => {
  it('opens the cloud that is meant, says whether all is well, and lets go', async () => {
    const close = vi.fn(async () => {});
    const cloud = { name: 'c', survey: async () => survey, close };
    const result = await checkCloud({ configured: 'c' }, async (choice) => {
      expect(choice).toEqual({ configured: 'c' });
      return cloud;
    });
    expect(result).toMatchObject({ cloud: 'c', healthy: false, scope: 'project p' });
    expect(close).toHaveBeenCalledOnce();
  });

  it('lets go also when it fails', async () => {
    const close = vi.fn(async () => {});
    const cloud = {
      name: 'c',
      survey: () => Promise.reject(new Error('no')),
      close,
    };
    await expect(checkCloud({}, async () => cloud)).rejects.toThrow('no');
    expect(close).toHaveBeenCalledOnce();
  });
});
