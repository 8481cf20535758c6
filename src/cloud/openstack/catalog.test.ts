import { describe, expect, it } from 'vitest';
import { type CatalogEndpoint, endpointsOf, serviceRoot } from './catalog.ts';

const config = { interface: 'public', authUrl: 'http://k/v3', endpointOverrides: new Map() } as const;
const endpoint = (type: string, url: string, more: Partial<CatalogEndpoint> = {}): CatalogEndpoint => ({
  ...{ type, url, interface: 'public', region: 'R1' },
  ...more,
});

describe('the catalogue', () => {
  it.each([
    ['network', 'http://n:9696/', 'http://n:9696/v2.0'],
    ['network', 'http://n/networking/v2.0', 'http://n/networking/v2.0'],
    ['image', 'http://i', 'http://i/v2'],
    ['image', 'http://i/v2/', 'http://i/v2'],
    ['compute', 'http://c/v2.1/', 'http://c/v2.1'],
    ['identity', 'http://k/identity', 'http://k/identity/v3'],
    ['load-balancer', 'http://l:9876', 'http://l:9876/v2'],
  ] as const)('gives %s at %s the version that we speak', (service, url, root) => {
    expect(serviceRoot(service, [endpoint(service, url)], config)).toBe(root);
  });

  it('is asked for region and interface', () => {
    const all = [
      endpoint('compute', 'http://1'),
      endpoint('compute', 'http://2', { region: 'R2' }),
      endpoint('compute', 'http://3', { region: 'R2', interface: 'internal' }),
    ];
    expect(serviceRoot('compute', all, config)).toBe('http://1');
    expect(serviceRoot('compute', all, { ...config, region: 'R2' })).toBe('http://2');
    expect(serviceRoot('compute', all, { ...config, region: 'R2', interface: 'internal' })).toBe('http://3');
    expect(serviceRoot('compute', all, { ...config, region: 'R3' })).toBeUndefined();
  });

  it('gives way to what clouds.yaml says, and knows old names', () => {
    const volumes = [endpoint('volumev2', 'http://v2'), endpoint('volumev3', 'http://v3')];
    expect(serviceRoot('block-storage', volumes, config)).toBe('http://v3');
    const endpointOverrides = new Map([['network', 'http://mine:1']]);
    expect(serviceRoot('network', [endpoint('network', 'http://n')], { ...config, endpointOverrides })).toBe('http://mine:1/v2.0');
    expect(serviceRoot('identity', [], config)).toBe('http://k/v3');
  });

  it('survives what makes no sense', () => {
    for (const value of [undefined, null, {}, [null], [{ endpoints: 7 }], [{ endpoints: [null] }]])
      expect(() => endpointsOf(value)).not.toThrow();
  });
});
