// Values of headers that need more than to be copied.
import { bytesOfLatin1 } from '../../../base/bytes.ts';
import { unescapeUri } from './uri.ts';

const nothing = (): void => undefined;

/** Text with raw bytes as characters, made fit for a record. */
const recordText = (raw: string): string => {
  const bytes = bytesOfLatin1(raw);
  return bytes.text(0, bytes.u8.length);
};

const fileNameParameter = /filename[\t ]*\*?=/i;
const nameParameter = /name[\t ]*=/i;
/** Up to the last `name=`, as `attachment; filename*=` in `attachment; filename*=UTF-8''a.txt`. */
const throughName = /^.*name[\t ]*\*?=[\t ]*/is;
/** RFC 8187 §3.2: `UTF-8'en'` before the value. */
const charset = /^[a-zA-Z0-9!#$%&+-^_`{}~]+'[a-zA-Z0-9!#$%&+-^_`{}~]*'/;

/** The file name in Content-Disposition (or Content-Type) as Zeek takes it; undefined when the header names none. */
export function fileNameOf(header: 'content-disposition' | 'content-type', raw: string): string | undefined {
  if (!(header === 'content-type' ? nameParameter : fileNameParameter).test(raw)) return undefined;
  let name = raw.replace(throughName, '');
  if (name.startsWith('"')) name = name.split('"', 2)[1] ?? '';
  if (charset.test(name)) name = name.slice(name.lastIndexOf("'") + 1);
  const bytes = bytesOfLatin1(name);
  return unescapeUri(bytes, 0, bytes.u8.length, nothing);
}

const basic = /^basic /i;

/** Decodes base64 of any padding; undefined when a character is none of it. */
function base64Text(text: string): string | undefined {
  try {
    return atob(text.trim().replace(/=+$/, ''));
  } catch {
    return undefined; // the only answer atob has to bad input
  }
}

/** User name and password of basic authentication (RFC 7617 §2) as they were sent; undefined for any other scheme. */
export const basicCredentials = (raw: string): string | undefined =>
  basic.test(raw) ? (base64Text(raw.replace(/basic[\t ]+/i, '')) ?? '') : undefined;

/** The user name of basic authentication; undefined for any other scheme. Passwords are not taken. */
export function basicUser(raw: string): string | undefined {
  const pair = basicCredentials(raw);
  if (pair === undefined) return undefined;
  const colon = pair.indexOf(':');
  return colon === -1 ? `<problem-decoding> (${recordText(raw)})` : recordText(pair.slice(0, colon));
}

/** `; boundary="a b"` or `; boundary=ab`; the bare form takes more than RFC 2045 allows, as browsers do. */
const boundaryParameter = /;[\t ]*boundary[\t ]*=(?:[\t ]*"((?:[^"\\]|\\.)*)"|[^\x21-\x7e]*([!\x23-\x7e]+))/i;

/** The boundary parameter of a multipart type (RFC 2046 §5.1.1), undefined when there is none. */
export function boundaryOf(raw: string): Uint8Array | undefined {
  const found = boundaryParameter.exec(raw);
  if (found === null) return undefined;
  const value = found[1] === undefined ? (found[2] ?? '') : found[1].replace(/\\(.)/g, '$1');
  return bytesOfLatin1(value).u8;
}
