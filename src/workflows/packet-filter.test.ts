import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bytes } from '../base/bytes.ts';
import { Packet } from '../engine/wire/packet.ts';
import { FilterError, parsePacketFilter } from './packet-filter.ts';

/** 10.0.0.5:40312 → 203.0.113.9:443, TCP unless said otherwise. */
function packet({ protocol = 6, at = 1_678_048_721e6 } = {}): Packet {
  const bytes = new Bytes(new Uint8Array(40));
  const made = new Packet(bytes);
  bytes.view.setUint16(20, 40_312);
  bytes.view.setUint16(22, 443);
  Object.assign(made, { at, ipVersion: 4, protocol, l4Start: 20, end: 40, s2: 0xffff, s3: 0x0a000005, d2: 0xffff, d3: 0xcb007109 });
  return made;
}

const test = (filter: string, one = packet()): boolean => parsePacketFilter(filter)(one, () => 'vxlan:12');

describe('a packet filter', () => {
  it.each([
    'host 10.0.0.5',
    '203.0.113.9',
    'src host 10.0.0.5 and dst port 443',
    'net 203.0.113.0/24 port 440-450',
    'tcp port 443',
    'not udp and !icmp',
    '(udp or tcp) && ip',
    'host 1.2.3.4 or host 10.0.0.5 and port 443',
    'after 2023-03-05T20:38:00 and before 2023-03-05T20:39:00Z',
    'after 1678048720',
    'context vxlan:12',
    'proto tcp',
  ])('%s: wanted', (filter) => {
    expect(test(filter)).toBe(true);
  });

  it.each([
    'dst host 10.0.0.5',
    'src port 443',
    'udp',
    'ip6',
    'not (tcp or udp)',
    'context vlan:1',
    'before 2023-03-05',
    'host 10.0.0.5 and host 10.0.0.6',
  ])('%s: not wanted', (filter) => {
    expect(test(filter)).toBe(false);
  });

  it('has no ports where the protocol has none', () => {
    expect(test('port 443', packet({ protocol: 1 }))).toBe(false);
  });

  it.each([
    '',
    'host',
    'host nowhere',
    'port 70000',
    'port 9-8',
    '(tcp',
    'tcp)',
    'or',
    'whatever',
    'after yesterday',
    `${'('.repeat(50)}tcp`,
  ])('%j is refused with a sentence', (filter) => {
    expect(() => parsePacketFilter(filter)).toThrow(FilterError);
  });

  it('answers any text with a test or a sentence', () => {
    const word = fc.constantFrom('(', ')', 'and', 'or', 'not', '!', 'host', '10.0.0.0/8', 'port', '1', 'tcp', 'src', 'after', 'x');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        try {
          parsePacketFilter(words.join(' '))(packet(), () => undefined);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
        }
      }),
    );
  });
});
