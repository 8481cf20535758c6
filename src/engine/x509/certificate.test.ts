import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Certificate, readCertificate } from './certificate.ts';
import { certificateCovers } from './host-match.ts';

const der = (name: string): Uint8Array => new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.der`)));

function read(name: string): Certificate {
  const bytes = der(name);
  const certificate = readCertificate(bytes, 0, bytes.length);
  if (certificate === undefined) throw new Error(`${name} cannot be read`);
  return certificate;
}

describe('readCertificate', () => {
  it('prints names in reverse order with RFC 2253 escapes, backslashes doubled as in a log', () => {
    expect(read('rsa-names').subject).toBe('CN=www.example.com,O=Fjord\\\\, Fjell & S\\\\C3\\\\B8nn \\\\\\\\ Co,C=NO');
  });

  it('joins the parts of one set by a plus, and escapes a leading hash and a trailing space', () => {
    expect(read('ec-384').subject).toBe('OU=b+O=a,CN=\\\\#first last\\\\ ');
    expect(read('ed25519').subject).toBe('UID=someone,DC=example');
  });

  it('reads version, key, signature, alternative names and constraints', () => {
    expect(read('rsa-names')).toMatchObject({
      version: 3,
      keyAlgorithm: 'rsaEncryption',
      keyType: 'rsa',
      keyBits: 2048,
      exponent: '65537',
      signatureAlgorithm: 'sha256WithRSAEncryption',
      basicConstraints: { ca: true, pathLength: 3 },
      subjectAlternativeName: {
        dns: ['www.example.com', '*.example.org'],
        uri: ['https://example.com/'],
        email: ['ops@example.com'],
        ip: ['192.0.2.7', '2001:db8::7'],
      },
    });
    expect(read('ec-384')).toMatchObject({ keyAlgorithm: 'id-ecPublicKey', keyType: 'ecdsa', keyBits: 384, curve: 'secp384r1' });
    expect(read('ed25519')).toMatchObject({ keyAlgorithm: 'ED25519', keyType: undefined, signatureAlgorithm: 'ED25519' });
  });

  it('reads both forms of time: 36500 days reach beyond 2050', () => {
    const { notBefore, notAfter } = read('ec-384');
    expect((notAfter - notBefore) / 86_400e6).toBe(36_500);
  });

  it('does not count what follows the certificate', () => {
    const bytes = der('ec-384');
    const longer = new Uint8Array(bytes.length + 9);
    longer.set(bytes);
    expect(readCertificate(longer, 0, longer.length)?.byteLength).toBe(bytes.length);
  });

  it('refuses every prefix', () => {
    const bytes = der('rsa-names');
    for (let end = 0; end < bytes.length; end++) expect(readCertificate(bytes, 0, end)).toBeUndefined();
  });

  it('survives any change of its bytes', () => {
    const bytes = der('rsa-names');
    const change = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(change, (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        readCertificate(changed, 0, changed.length);
      }),
      { numRuns: 500 },
    );
  });

  it('survives random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readCertificate(bytes, 0, bytes.length)));
  });
});

describe('certificateCovers', () => {
  it('takes alternative names, addresses among them, and one label for a wildcard', () => {
    const certificate = read('rsa-names');
    expect(certificateCovers(certificate, 'www.example.com')).toBe(true);
    expect(certificateCovers(certificate, 'a.example.org')).toBe(true);
    expect(certificateCovers(certificate, 'a.b.example.org')).toBe(false);
    expect(certificateCovers(certificate, 'example.org')).toBe(false);
    expect(certificateCovers(certificate, '192.0.2.7')).toBe(true);
  });

  it('takes the common name only where there are no alternative names', () => {
    const certificate: Certificate = { ...read('rsa-names'), subjectAlternativeName: undefined, commonName: '*.example.net' };
    expect(certificateCovers(certificate, 'x.example.net')).toBe(true);
    expect(certificateCovers({ ...certificate, commonName: '*.net' }, 'example.net')).toBe(false);
  });
});
