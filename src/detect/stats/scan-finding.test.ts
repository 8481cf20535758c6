import { describe, expect, test } from 'vitest';
import { Episode } from './recent-targets.ts';
import { type ScanClaim, scanFinding, spell } from './scan-finding.ts';

function episode(targets: number, failed: number): Episode {
  const made = new Episode();
  for (let i = 0; i < targets; i++) made.add(`t${i}`, i * 1e6, i < failed, `C${i}`);
  return made;
}
const claim = (change: Partial<ScanClaim>) =>
  scanFinding({
    key: 'k',
    subject: { address: '10.0.0.7' },
    ours: true,
    known: undefined,
    highAt: 50,
    episode: episode(50, 40),
    summary: 'tried',
    peers: [],
    evidence: {},
    ...change,
  });

describe('a scan', () => {
  test.each<[string, Partial<ScanClaim>, string]>([
    ['large and mostly failing, by one of ours', {}, 'high'],
    ['smaller', { episode: episode(49, 49) }, 'medium'],
    ['large but mostly successful', { episode: episode(50, 29) }, 'medium'],
    ['large, with more failures demanded', { highFailedShare: 0.9 }, 'medium'],
    ['large, by a stranger', { ours: false }, 'medium'],
    ['smaller, by a stranger', { ours: false, episode: episode(20, 20) }, 'low'],
    ['by a known end', { known: 'scanner' }, 'info'],
  ])('%s', (_, change, severity) => expect(claim(change).severity).toBe(severity));

  test('carries what was measured', () =>
    expect(claim({ known: 'scanner' })).toMatchObject({
      summary: 'tried (known: scanner)',
      count: 50,
      firstSeen: 0,
      lastSeen: 49e6,
      evidence: { targets: 50, targetsAreEstimated: false, withoutSuccess: 40, withoutSuccessShare: 0.8, seconds: 49 },
    }));

  test('is surer the larger it is and the more of it fails', () => {
    const sure = [episode(20, 12), episode(50, 30), episode(50, 45), episode(500, 500)].map((one) => claim({ episode: one }).confidence);
    expect(sure).toEqual([...sure].sort((a, b) => a - b));
    expect(Math.max(...sure)).toBeLessThanOrEqual(0.99);
  });
});

test('times are spelt in the unit that fits', () =>
  expect([spell(13.24), spell(246), spell(7200)]).toEqual(['13.2 s', '4.1 min', '2.0 h']));
