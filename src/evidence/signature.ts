// Ed25519 (RFC 8032) over SHA256SUMS. The signature is 64 raw bytes and the key a PEM, so that openssl can check both.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';

/** A key that signs, with its public half as PEM. */
export interface SigningKey {
  sign(content: Uint8Array): Uint8Array;
  readonly publicPem: string;
  readonly fingerprint: string;
}

/** Hexadecimal SHA-256 of the public key's SubjectPublicKeyInfo (DER). */
const fingerprintOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');

/** A new private key, PKCS #8 in PEM. Keep it from others. */
export const newPrivateKey = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function ed25519(load: () => KeyObject): KeyObject | undefined {
  try {
    const key = load();
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The key in a PEM; undefined when it is no Ed25519 private key. */
export function signingKeyOf(privatePem: string): SigningKey | undefined {
  const key = ed25519(() => createPrivateKey(privatePem));
  if (key === undefined) return undefined;
  const half = createPublicKey(key);
  return {
    sign: (content) => sign(null, content, key),
    publicPem: half.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: fingerprintOf(half),
  };
}

/** A key that checks. */
export interface VerifyingKey {
  readonly fingerprint: string;
  verifies(content: Uint8Array, signature: Uint8Array): boolean;
}

/** The key in a PEM; undefined when it is no Ed25519 public key. A private key is refused: it has no business where keys are checked. */
export function verifyingKeyOf(publicPem: string): VerifyingKey | undefined {
  if (!publicPem.includes('PUBLIC KEY')) return undefined;
  const key = ed25519(() => createPublicKey(publicPem));
  if (key === undefined) return undefined;
  return {
    fingerprint: fingerprintOf(key),
    verifies: (content, signature) => signature.length === 64 && verify(null, content, key, signature),
  };
}
