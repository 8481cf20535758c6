// Time stamps of RFC 3161: the request, and what a response says. Whether the authority's signature and certificates are good
// is asked of openssl (time-stamp-checker.ts); here it is whether the token is about our bytes and answers our request.
import { childrenOf, contentOf, type Der, derTags, readDer, writeDer, writeInteger } from './der.ts';

const sha256Oid = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01);
const signedDataOid = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02);
/** id-ct-TSTInfo. */
const tokenOid = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04);

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** A request for a stamp of a SHA-256 digest. `nonce` is random; the authority's certificate is asked for. */
export function stampRequest(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  const algorithm = writeDer(derTags.sequence, writeDer(derTags.oid, sha256Oid), writeDer(derTags.null));
  const imprint = writeDer(derTags.sequence, algorithm, writeDer(derTags.octets, digest));
  const isCertified = writeDer(derTags.boolean, Uint8Array.of(0xff));
  return writeDer(derTags.sequence, writeInteger(Uint8Array.of(1)), imprint, writeInteger(nonce), isCertified);
}

/** Imprint and nonce, of a request or of a token. */
export interface StampFacts {
  /** Digest that is stamped; SHA-256. */
  readonly imprint: Uint8Array;
  readonly nonce: Uint8Array | undefined;
}

export interface StampToken extends StampFacts {
  /** When the authority says that it was, ISO 8601. */
  readonly at: string;
  /** Hexadecimal. */
  readonly serial: string;
}

/** What is wrong, where something is. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

const integers = (elements: readonly Der[]): readonly Der[] => elements.filter(({ tag }) => tag === derTags.integer);

function imprintOf(element: Der | undefined): Uint8Array | undefined {
  if (element?.tag !== derTags.sequence) return undefined;
  const [algorithm, digest] = childrenOf(element) ?? [];
  const oid = algorithm === undefined ? undefined : childrenOf(algorithm)?.[0];
  if (oid === undefined || !isSame(contentOf(oid), sha256Oid) || digest?.tag !== derTags.octets) return undefined;
  return contentOf(digest);
}

/** The whole of `bytes` as one sequence. */
function sequenceIn(bytes: Uint8Array): readonly Der[] | undefined {
  const outer = readDer(bytes, 0);
  return outer?.tag === derTags.sequence && outer.end === bytes.length ? childrenOf(outer) : undefined;
}

/** Reads a request. */
export function parseStampRequest(bytes: Uint8Array): Parsed<StampFacts> {
  const elements = sequenceIn(bytes);
  const imprint = imprintOf(elements?.[1]);
  if (elements === undefined || imprint === undefined) return { problem: 'is not a time stamp request for SHA-256' };
  const nonce = integers(elements)[1];
  return { value: { imprint, nonce: nonce && contentOf(nonce) } };
}

/** `20261129104106.5Z` as ISO 8601. */
function timeOf(element: Der | undefined): string | undefined {
  if (element?.tag !== derTags.time) return undefined;
  const text = Buffer.from(contentOf(element)).toString('latin1');
  const [, year, month, day, hour, minute, second, fraction = ''] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(text) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`;
}

/** TSTInfo out of a signed message (RFC 5652 §5.1). */
function tokenInfo(signed: Der): readonly Der[] | undefined {
  const [type, wrapped] = childrenOf(signed) ?? [];
  if (type === undefined || !isSame(contentOf(type), signedDataOid) || wrapped?.tag !== derTags.context0) return undefined;
  const data = childrenOf(wrapped)?.[0];
  const encapsulated = data === undefined ? undefined : childrenOf(data)?.find(({ tag }) => tag === derTags.sequence);
  const [contentType, content] = encapsulated === undefined ? [] : (childrenOf(encapsulated) ?? []);
  if (contentType === undefined || !isSame(contentOf(contentType), tokenOid) || content?.tag !== derTags.context0) return undefined;
  const octets = childrenOf(content)?.[0];
  return octets?.tag === derTags.octets ? sequenceIn(contentOf(octets)) : undefined;
}

/** Reads a response; a refusal is a problem. */
export function parseStampResponse(bytes: Uint8Array): Parsed<StampToken> {
  const elements = sequenceIn(bytes);
  const [status, signed] = elements ?? [];
  const state = status === undefined ? undefined : childrenOf(status)?.[0];
  if (state?.tag !== derTags.integer) return { problem: 'is not a time stamp response' };
  // 0 granted, 1 granted with modifications; RFC 3161 §2.4.2.
  const code = contentOf(state)[0] ?? 2;
  if (code > 1 || signed === undefined) return { problem: `the authority refused (status ${code})` };
  const info = tokenInfo(signed);
  const imprint = imprintOf(info?.[2]);
  const at = timeOf(info?.[4]);
  const serial = info?.[3];
  if (info === undefined || imprint === undefined || at === undefined || serial === undefined) {
    return { problem: 'holds no time stamp for SHA-256' };
  }
  const nonce = integers(info.slice(5))[0];
  return { value: { imprint, nonce: nonce && contentOf(nonce), at, serial: Buffer.from(contentOf(serial)).toString('hex') } };
}

/** What is wrong between a request, its response and the digest; the token when nothing is. */
export function checkStamp(digest: Uint8Array, request: Uint8Array, response: Uint8Array): Parsed<StampToken> {
  const asked = parseStampRequest(request);
  if ('problem' in asked) return asked;
  const got = parseStampResponse(response);
  if ('problem' in got) return got;
  if (!isSame(got.value.imprint, digest)) return { problem: 'stamps other bytes than these' };
  const { nonce } = asked.value;
  if (nonce !== undefined && (got.value.nonce === undefined || !isSame(nonce, got.value.nonce))) {
    return { problem: 'answers another request (its nonce is another)' };
  }
  return got;
}

/** Asks a time stamp authority. Adapter: tsa-http/. @throws {VedetteError} `time-stamp-failed` */
export type StampAuthority = (request: Uint8Array) => Promise<Uint8Array>;
