import { expect, test } from 'vitest';
import { parseAddress } from '../../base/ip.ts';
import { communityId, type FlowEnd } from './community-id.ts';

function end(address: string, port: number): FlowEnd {
  const words = parseAddress(address);
  if (words === undefined) throw new Error(address);
  return { w0: words[0] | 0, w1: words[1] | 0, w2: words[2] | 0, w3: words[3] | 0, port };
}

// From the baseline of the reference implementation (corelight/pycommunityid).
test.each([
  ['128.232.110.120', 34855, '66.35.250.204', 80, 6, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  ['192.168.1.52', 54585, '8.8.8.8', 53, 17, '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  ['192.168.0.89', 8, '192.168.0.1', 0, 1, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
])('%s:%i to %s:%i', (source, sourcePort, target, targetPort, protocol, expected) => {
  expect(communityId(end(source, sourcePort), end(target, targetPort), protocol, true)).toBe(expected);
});

test('both directions have one identifier', () => {
  const a = end('2001:db8::1', 40000);
  const b = end('2001:db8::2', 443);
  expect(communityId(a, b, 6, false)).toBe(communityId(b, a, 6, false));
});
