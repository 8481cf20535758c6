// A distinguished name in one line, as OpenSSL prints it with XN_FLAG_RFC2253 and Zeek logs it. RFC 2253 §2.
import { bytesOfLatin1 } from '../../base/bytes.ts';
import { DerReader, DerTag, upperHex } from './der.ts';
import { attributeNames } from './object-names.ts';

/** Bytes per character of the string types; 0: already UTF-8; missing: not text, dumped in hexadecimal. */
const characterBytes: ReadonlyMap<number, 0 | 1 | 2 | 4> = new Map([
  [0x0c, 0], // UTF8String
  [0x12, 1], // NumericString
  [0x13, 1], // PrintableString
  [0x14, 1], // T61String
  [0x16, 1], // IA5String
  [DerTag.utcTime, 1],
  [DerTag.generalizedTime, 1],
  [0x1a, 1], // VisibleString
  [0x1c, 4], // UniversalString
  [0x1e, 2], // BMPString
]);

const mustEscape = new Set([...',+"\\<>;'].map((character) => character.charCodeAt(0)));
const hash = 0x23;
const space = 0x20;
const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

/** One byte of a value: RFC 2253 §2.4, with control characters and anything above 7E as `\XX`. */
function escapeByte(byte: number, first: boolean, last: boolean): string {
  if (byte < 0x20 || byte > 0x7e) return `\\${hexByte(byte)}`;
  const character = String.fromCharCode(byte);
  const special = mustEscape.has(byte) || (first && (byte === space || byte === hash)) || (last && byte === space);
  return special ? `\\${character}` : character;
}

const encoder = new TextEncoder();

/** The value as UTF-8; undefined when it cannot be read in its type. */
function toUtf8(bytes: Uint8Array, start: number, end: number, width: 0 | 1 | 2 | 4): Uint8Array | undefined {
  if (width === 0) return bytes.subarray(start, end);
  if ((end - start) % width !== 0) return undefined;
  let text = '';
  for (let i = start; i < end; i += width) {
    let code = 0;
    for (let k = 0; k < width; k++) code = code * 256 + (bytes[i + k] ?? 0);
    if (code > 0x10ffff) return undefined;
    text += String.fromCodePoint(code);
  }
  return encoder.encode(text);
}

function valueText(value: DerReader, known: boolean): string {
  const { bytes } = value;
  const width = known ? characterBytes.get(value.tag) : undefined;
  const text = width === undefined ? undefined : toUtf8(bytes, value.contentStart, value.contentEnd, width);
  if (text === undefined) return `#${upperHex(bytes, value.elementStart, value.contentEnd)}`;
  let out = '';
  for (let i = 0; i < text.length; i++) out += escapeByte(text[i] ?? 0, i === 0, i === text.length - 1);
  return out;
}

/** Attributes of a name that are read; the longest seen in the wild has about 20. */
const maxAttributes = 256;
/** Zeek reads the line into a buffer of 2048 bytes. */
const maxCharacters = 2047;

/** What a name holds besides its text. */
export interface DistinguishedName {
  /** The line, escaped for a record. */
  readonly text: string;
  /** Value of the last commonName, unescaped ISO 8859-1 characters; undefined when there is none. */
  readonly commonName: string | undefined;
}

const latin1 = (bytes: Uint8Array, start: number, end: number): string => {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
};

/** The RelativeDistinguishedName of one set as `type=value`, several joined by `+`. */
function relativeName(set: DerReader, budget: { left: number; commonName: string | undefined }): string {
  let text = '';
  for (const attributes = set.inner(); budget.left > 0 && attributes.expect(DerTag.sequence); budget.left--) {
    const parts = attributes.inner();
    if (!parts.expect(DerTag.objectIdentifier)) break;
    const oid = parts.objectIdentifier();
    const name = attributeNames.get(oid);
    if (!parts.next()) break;
    if (name === 'CN') budget.commonName = latin1(parts.bytes, parts.contentStart, parts.contentEnd);
    // OpenSSL prints a set from its last attribute to its first, like the name itself.
    text = `${name ?? oid}=${valueText(parts, name !== undefined)}${text === '' ? '' : '+'}${text}`;
  }
  return text;
}

/** Reads the content of a Name: `[start, end)` are its RelativeDistinguishedNames. */
export function readDistinguishedName(bytes: Uint8Array, start: number, end: number): DistinguishedName {
  const budget = { left: maxAttributes, commonName: undefined as string | undefined };
  let text = '';
  for (const sets = new DerReader(bytes, start, end); budget.left > 0 && sets.expect(DerTag.set); ) {
    const one = relativeName(sets, budget);
    if (one !== '') text = text === '' ? one : `${one},${text}`;
  }
  const line = bytesOfLatin1(text.slice(0, maxCharacters));
  return { text: line.text(0, line.u8.length), commonName: budget.commonName };
}
