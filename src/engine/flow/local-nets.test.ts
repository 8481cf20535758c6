import { expect, test } from 'vitest';
import { parseAddress, parseCidr } from '../../base/ip.ts';
import { LocalNets } from './local-nets.ts';

const own = ['203.0.114.0/24', '2a00:1234::/32'].flatMap((text) => parseCidr(text) ?? []);
const nets = new LocalNets(own);
const isLocal = (text: string): boolean => {
  const words = parseAddress(text);
  if (words === undefined) throw new Error(text);
  return nets.contains(words[0] | 0, words[1] | 0, words[2] | 0, words[3] | 0);
};

test.each([
  ...['10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.31.255.255', '192.168.0.1', '198.19.0.1', '240.0.0.1'],
  ...['224.0.0.251', '239.255.255.250', '255.255.255.255', '0.0.0.0', '192.0.2.1', '198.51.100.9', '203.0.113.9', '203.0.114.5'],
  ...['::', '::1', 'fe80::1', 'fd00::1', '2001:db8::1', '2001:0:4136::1', '2002:0a00:0001::1', '2a00:1234::5'],
])('%s is local', (address) => expect(isLocal(address)).toBe(true));

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '224.0.1.1', '198.20.0.1', '2606:4700::1111', 'ff02::fb', '2002:0808:0808::1'])(
  '%s is not',
  (address) => expect(isLocal(address)).toBe(false),
);
