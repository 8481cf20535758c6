import { describe, expect, it } from 'vitest';
import { Bytes } from '../../base/bytes.ts';
import { nodePlatform } from '../../platform/node-platform.ts';
import { readClientHello } from './client-hello.ts';
import { ja3, ja3s, ja3sText, ja4 } from './fingerprints.ts';
import { readServerHello } from './server-hello.ts';

const nothing = readClientHello(new Bytes(new Uint8Array(0)), 0, 0);
const hexList = (text: string): number[] => text.split(',').map((item) => Number.parseInt(item, 16));

describe('ja3', () => {
  it('is the MD5 of the published example', () => {
    const hello = {
      ...nothing,
      version: 769,
      cipherSuites: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
      extensions: [0, 10, 11],
      groups: [23, 24, 25],
      pointFormats: [0],
    };
    expect(ja3(nodePlatform, hello)).toBe('ada70206e40642a3e4461f35503241d5');
    expect(ja3(nodePlatform, { ...hello, cipherSuites: [0x4a4a, ...hello.cipherSuites] })).toBe('ada70206e40642a3e4461f35503241d5');
  });

  it('takes no extensions for an empty list', () => {
    const hello = { ...nothing, version: 769, cipherSuites: [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99] };
    expect(ja3(nodePlatform, hello)).toBe('de350869b8c85de67a350c8d186f11e6');
  });
});

describe('ja3s', () => {
  const hello = { ...readServerHello(new Bytes(new Uint8Array(0)), 0, 0), version: 769, cipherSuite: 47 };

  it('is the MD5 of the published example without extensions', () => {
    expect(ja3s(nodePlatform, ja3sText(hello))).toBe('18e962e106761869a61045bed0e81c2c');
  });

  it('keeps the order of extensions', () => {
    const forth = ja3sText({ ...hello, extensions: [0, 11] });
    expect(ja3sText({ ...hello, extensions: [11, 0] })).not.toBe(forth);
  });
});

describe('ja4', () => {
  const chrome = {
    ...nothing,
    version: 0x0303,
    cipherSuites: [0x2a2a, ...hexList('002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9')],
    extensions: [0x1a1a, 0x0010, ...hexList('ff01,0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469'), 0x0000],
    signatureAlgorithms: hexList('0403,0804,0401,0503,0805,0501,0806,0601'),
    supportedVersions: [0x7a7a, 0x0304, 0x0303],
    rawProtocol: 'h2',
  };

  it('is the one of the published example', () => {
    expect(ja4(nodePlatform, chrome, 't')).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('does not depend on the order of ciphers and extensions', () => {
    const shuffled = { ...chrome, cipherSuites: chrome.cipherSuites.toReversed(), extensions: chrome.extensions.toReversed() };
    expect(ja4(nodePlatform, shuffled, 't')).toBe(ja4(nodePlatform, chrome, 't'));
  });

  it('marks what is missing', () => {
    expect(ja4(nodePlatform, { ...nothing, version: 0x0301 }, 'd')).toBe('d10i000000_000000000000_000000000000');
  });

  it('takes hexadecimal ends of a protocol that begins or ends with no letter or digit', () => {
    expect(ja4(nodePlatform, { ...chrome, rawProtocol: '\xab\xcd' }, 'q').slice(0, 10)).toBe('q13d1516ad');
  });
});
