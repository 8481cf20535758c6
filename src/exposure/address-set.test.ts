import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressSet } from './address-set.ts';

const listed = (set: AddressSet): string[] => [...set.addresses()];

describe('a set of addresses', () => {
  it('reads what people type', () => {
    expect(
      listed(AddressSet.of(['203.0.113.7', '203.0.113.6/31', '203.0.113.9-11', '203.0.113.254-203.0.114.1', '2001:db8::fe-2001:db8::101'])),
    ).toEqual([
      ...['203.0.113.6', '203.0.113.7', '203.0.113.9', '203.0.113.10', '203.0.113.11', '203.0.113.254', '203.0.113.255', '203.0.114.0'],
      ...['203.0.114.1', '2001:db8::fe', '2001:db8::ff', '2001:db8::100', '2001:db8::101'],
    ]);
    expect(AddressSet.of(['10.0.0.0/8']).size).toBe(2 ** 24);
    expect(AddressSet.of(['2001:db8::/64']).size).toBe(2 ** 64);
  });

  it.each(['example.org', '203.0.113.0/33', '203.0.113.9-5', '1.2.3.4-2001:db8::1', '-iL', '', '1.2.3', '203.0.113.*'])(
    'refuses "%s"',
    (text) => {
      expect(() => AddressSet.of([text])).toThrow(/no address or range/);
    },
  );

  it('is written as the fewest CIDRs', () => {
    expect(AddressSet.of(['203.0.113.1-6']).cidrs()).toEqual(['203.0.113.1', '203.0.113.2/31', '203.0.113.4/31', '203.0.113.6']);
    expect(AddressSet.of(['203.0.113.0/25', '203.0.113.128/25', '2001:db8::/127']).cidrs()).toEqual(['203.0.113.0/24', '2001:db8::/127']);
    expect(AddressSet.of(['0.0.0.0/0']).cidrs()).toEqual(['0.0.0.0/0']);
  });

  it('holds, leaves out and halves as a set of texts does', () => {
    const addresses = fc.array(
      fc.nat(60).map((n) => `203.0.113.${n}`),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(addresses, addresses, (a, b) => {
        const [setA, setB] = [AddressSet.of(a), AddressSet.of(b)];
        const expected = [...new Set(a)].filter((one) => !b.includes(one));
        const rest = setA.without(setB);
        expect(listed(rest).sort()).toEqual(expected.sort());
        expect(AddressSet.of(rest.cidrs()).cidrs()).toEqual(rest.cidrs());
        for (let n = 0; n <= 60; n++) expect(setA.has(`203.0.113.${n}`)).toBe(a.includes(`203.0.113.${n}`));
        const half = setA.firstHalf();
        expect(half.size).toBe(Math.ceil(setA.size / 2));
        expect(half.size + setA.without(half).size).toBe(setA.size);
      }),
    );
  });
});
