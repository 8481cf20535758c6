// SubjectPublicKeyInfo: algorithm, kind and size of a key. RFC 5280 §4.1.2.7, RFC 3279 §2.3, RFC 5480.
import { DerReader, DerTag, integerBits, integerDecimal } from './der.ts';
import { algorithmNames, curveNames } from './object-names.ts';

export interface PublicKey {
  /** Long name of the algorithm, or its dotted identifier. */
  readonly keyAlgorithm: string;
  readonly keyType: 'rsa' | 'dsa' | 'ecdsa' | undefined;
  /** Bits of the modulus, the prime or the group order. */
  readonly keyBits: number | undefined;
  /** Decimal public exponent of an RSA key. */
  readonly exponent: string | undefined;
  /** Short name of the named curve. */
  readonly curve: string | undefined;
}

/** rsaEncryption; md5WithRSAEncryption stands there in certificates of Windows' remote desktop. */
const rsaAlgorithms = new Set(['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.4', '2.5.8.1.1']);
const ecAlgorithm = '1.2.840.10045.2.1';
const sm2Algorithm = '1.2.156.10197.1.301';
const dsaAlgorithms = new Set(['1.2.840.10040.4.1', '1.3.14.3.2.12']);

const unknownKey = (keyAlgorithm: string): PublicKey => ({
  keyAlgorithm,
  keyType: undefined,
  keyBits: undefined,
  exponent: undefined,
  curve: undefined,
});

function rsaKey(keyAlgorithm: string, bytes: Uint8Array, start: number, end: number): PublicKey {
  const outer = new DerReader(bytes, start, end);
  if (!outer.expect(DerTag.sequence)) return unknownKey(keyAlgorithm);
  const numbers = outer.inner();
  if (!numbers.expect(DerTag.integer)) return unknownKey(keyAlgorithm);
  const keyBits = integerBits(bytes, numbers.contentStart, numbers.contentEnd);
  if (!numbers.expect(DerTag.integer)) return unknownKey(keyAlgorithm);
  const exponent = integerDecimal(bytes, numbers.contentStart, numbers.contentEnd);
  return { keyAlgorithm, keyType: 'rsa', keyBits, exponent, curve: undefined };
}

function ecKey(keyAlgorithm: string, parameters: DerReader): PublicKey {
  if (parameters.tag === DerTag.objectIdentifier) {
    const curve = curveNames.get(parameters.objectIdentifier());
    if (curve === undefined) return unknownKey(keyAlgorithm);
    return { keyAlgorithm, keyType: 'ecdsa', keyBits: curve.orderBits, exponent: undefined, curve: curve.name };
  }
  if (parameters.tag !== DerTag.sequence) return unknownKey(keyAlgorithm);
  return { keyAlgorithm, keyType: 'ecdsa', keyBits: explicitOrderBits(parameters.inner()), exponent: undefined, curve: undefined };
}

/** Bits of the order in explicit ECParameters: version, field, curve, base point, order. X9.62 / RFC 3279 §2.3.5. */
function explicitOrderBits(parameters: DerReader): number | undefined {
  const wanted = [DerTag.integer, DerTag.sequence, DerTag.sequence, DerTag.octetString, DerTag.integer];
  for (const tag of wanted) if (!parameters.expect(tag)) return undefined;
  return integerBits(parameters.bytes, parameters.contentStart, parameters.contentEnd);
}

function dsaKey(keyAlgorithm: string, parameters: DerReader): PublicKey {
  const prime = parameters.inner();
  const keyBits =
    parameters.tag === DerTag.sequence && prime.expect(DerTag.integer)
      ? integerBits(prime.bytes, prime.contentStart, prime.contentEnd)
      : undefined;
  return { keyAlgorithm, keyType: 'dsa', keyBits: keyBits === 0 ? undefined : keyBits, exponent: undefined, curve: undefined };
}

/** Reads the content of a SubjectPublicKeyInfo; undefined when its frame is damaged. */
export function readPublicKey(info: DerReader): PublicKey | undefined {
  if (!info.expect(DerTag.sequence)) return undefined;
  const algorithm = info.inner();
  if (!algorithm.expect(DerTag.objectIdentifier) || !info.expect(DerTag.bitString) || info.length === 0) return undefined;
  const oid = algorithm.objectIdentifier();
  const name = algorithmNames.get(oid) ?? oid;
  if (rsaAlgorithms.has(oid)) return rsaKey(name, info.bytes, info.contentStart + 1, info.contentEnd);
  if (!algorithm.next()) return unknownKey(name);
  if (oid === ecAlgorithm || oid === sm2Algorithm) return ecKey(name, algorithm);
  return dsaAlgorithms.has(oid) ? dsaKey(name, algorithm) : unknownKey(name);
}
