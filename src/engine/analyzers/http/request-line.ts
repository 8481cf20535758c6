// First lines of messages. RFC 9112 §3 and §4, with the tolerance of Zeek.
import type { Bytes } from '../../../base/bytes.ts';

/** A version as Zeek prints it, times ten: 11 is 1.1. 0: none seen; a bad one is 0 too. */
export type Version = number;
export const version09: Version = 9;

export const versionText = (version: Version): string => `${Math.floor(version / 10)}.${version % 10}`;

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;
const asBytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** RFC 9110 §5.6.2, less strict: neither control nor separator. */
const methodBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 0x20 && byte < 0x7f && !'()<>@,;:\\"/[]?={}'.includes(String.fromCharCode(byte)) ? 1 : 0,
);
/** RFC 3986 §2.2 and §2.3, and the percent sign. */
const uriBytes = new Uint8Array(256);
for (const byte of asBytes(":/?#[]@!$&'()*+,;=-_.~%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) uriBytes[byte] = 1;
uriBytes[0] = 1; // Zeek's test is a C string search, which finds the NUL at the end of the set

const http = asBytes('HTTP/');

/** 2: `HTTP/` stands at `at`; 1: in another case; 0: not. */
function keyword(u8: Uint8Array, at: number, end: number): 0 | 1 | 2 {
  if (at + http.length > end) return 0;
  let exact = true;
  for (let i = 0; i < http.length; i++) {
    const byte = u8[at + i] ?? 0;
    const wanted = http[i] ?? 0;
    if (byte === wanted) continue;
    if (i === 4 || (byte & ~0x20) !== wanted) return 0;
    exact = false;
  }
  return exact ? 2 : 1;
}

function skipBlank(u8: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(u8[at])) at++;
  return at;
}

function readVersion(u8: Uint8Array, at: number, end: number): Version {
  if (at + 3 > end || u8[at + 1] !== 0x2e) return 0;
  const major = (u8[at] ?? 0) - 0x30;
  const minor = (u8[at + 2] ?? 0) - 0x30;
  return major >= 0 && major <= 9 && minor >= 0 && minor <= 9 ? major * 10 + minor : 0;
}

/** A request line as positions; one object serves all. */
export class RequestLine {
  methodEnd = 0;
  uriStart = 0;
  uriEnd = 0;
  /** undefined: the line has a version keyword but too little behind it. */
  version: Version | undefined = 0;

  /**
   * Points at the request in `[start, end)`. False when it is none; `weird` is told why.
   * The version is 0.9 where the line has none.
   */
  read(u8: Uint8Array, start: number, end: number, weird: (name: string) => void): boolean {
    let at = start;
    while (at < end && methodBytes[u8[at] ?? 0] === 1) at++;
    this.methodEnd = at;
    if (at === start) {
      weird(
        end - 9 >= start && isBlank(u8[end - 9]) && keyword(u8, end - 8, end) > 0 ? 'bad_HTTP_request_with_version' : 'bad_HTTP_request',
      );
      return false;
    }
    const rest = skipBlank(u8, at, end);
    if (rest === at) {
      weird('bad_HTTP_request');
      return false;
    }
    this.#readTarget(u8, rest, end, weird);
    if (this.version === version09 && (at - start < 3 || this.uriEnd === this.uriStart)) {
      weird('bad_HTTP_request');
      return false;
    }
    return true;
  }

  #readTarget(u8: Uint8Array, start: number, end: number, weird: (name: string) => void): void {
    let uriEnd = start;
    while (uriEnd < end && uriBytes[u8[uriEnd] ?? 0] === 1) uriEnd++;
    const leading = keyword(u8, start, end);
    if (leading === 1) weird('lowercase_HTTP_keyword');
    if (uriEnd >= end && leading > 0) {
      weird('missing_HTTP_uri');
      uriEnd = start;
    }
    let at = uriEnd;
    for (; at < end; at++) {
      uriEnd = at;
      at = skipBlank(u8, at, end);
      const found = keyword(u8, at, end);
      if (found === 1) weird('lowercase_HTTP_keyword');
      if (found > 0) break;
    }
    this.uriStart = start;
    this.uriEnd = uriEnd;
    this.version = at >= end ? version09 : at + 8 <= end ? readVersion(u8, at + http.length, end) : undefined;
  }
}

/** The number of three digits at `at`; 0 when they are none. */
function readCode(u8: Uint8Array, at: number): number {
  let code = 0;
  for (let i = at; i < at + 3; i++) {
    const digit = (u8[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    code = code * 10 + digit;
  }
  return code;
}

/** A status line as values; one object serves all. */
export class StatusLine {
  version: Version = 0;
  /** 0 where three characters stand that are no number. */
  code = 0;
  /** Reason phrase; -1 without one. */
  reasonStart = -1;

  /** Reads the line in `[start, end)`; false when it is none. The version is set from the keyword on. */
  read(u8: Uint8Array, start: number, end: number, weird: (name: string) => void): boolean {
    const found = keyword(u8, start, end);
    this.version = -1;
    if (found === 0) return false;
    if (found === 1) weird('lowercase_HTTP_keyword');
    let at = start + http.length;
    this.version = readVersion(u8, at, end);
    while (at < end && !isBlank(u8[at])) at++;
    if (at >= end) return false;
    at = skipBlank(u8, at, end);
    if (at + 3 > end) return false;
    this.code = readCode(u8, at);
    at += 3;
    while (at < end && !isBlank(u8[at])) at++;
    this.reasonStart = at >= end ? -1 : skipBlank(u8, at, end);
    return true;
  }
}

/** Methods that client bytes are recognised by: the IANA registry, WebDAV, and Microsoft's. */
const methods = [
  'OPTIONS GET HEAD POST PUT DELETE ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY LABEL LINK LOCK MERGE MKACTIVITY',
  'MKCALENDAR MKCOL MKREDIRECTREF MOVE ORDERPATCH PATCH PROPFIND PROPPATCH REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK',
  'UNLOCK UPDATE VERSION-CONTROL BCOPY BDELETE BMOVE BPROPFIND BPROPPATCH NOTIFY POLL SUBSCRIBE UNSUBSCRIBE X-MS-ENUMATTS',
  'MKWORKSPACE RPC_IN_DATA RPC_OUT_DATA',
]
  .join(' ')
  .split(' ');
const longestMethod = Math.max(...methods.map((method) => method.length));
const methodsByFirst = new Map<string, readonly string[]>(
  methods.map(({ 0: first = '' }) => [first, methods.filter((method) => method[0] === first)]),
);

/** Whether client bytes begin like a request; `undefined` when more could tell. */
export function beginsLikeRequest(bytes: Bytes, start: number, end: number): boolean | undefined {
  let at = start;
  while (at < end && (isBlank(bytes.u8[at]) || ((bytes.u8[at] ?? 0) >= 0x0a && (bytes.u8[at] ?? 0) <= 0x0d))) at++;
  if (at === end) return undefined;
  const candidates = methodsByFirst.get(String.fromCharCode(bytes.u8[at] ?? 0));
  if (candidates === undefined) return false;
  const head = bytes.latin1(at, Math.min(end, at + longestMethod));
  if (candidates.some((method) => head.startsWith(method))) return true;
  return candidates.some((method) => method.startsWith(head)) ? undefined : false;
}

/** Whether server bytes begin like a response; `undefined` when more could tell. */
export function beginsLikeResponse(u8: Uint8Array, start: number, end: number): boolean | undefined {
  for (let i = 0; i < http.length && start + i < end; i++) {
    const byte = u8[start + i] ?? 0;
    if (byte !== http[i] && (i === 4 || (byte & ~0x20) !== http[i])) return false;
  }
  const digit = u8[start + http.length] ?? 0;
  if (start + http.length >= end) return undefined;
  return digit >= 0x30 && digit <= 0x39;
}
