// What the headers of an entity say about its body.
import type { Bytes } from '../../../base/bytes.ts';
import type { EntityHost } from './entity-host.ts';
import { type HeaderLine, type HeaderName, isText, leadingNumber } from './header-line.ts';
import { boundaryOf } from './header-values.ts';

/** Content codings that are undone. */
const compressed = ['gzip', 'x-gzip', 'deflate'];

export interface ContentFields {
  type: 'plain' | 'multipart' | 'message';
  boundary: Uint8Array | undefined;
  /** Content-Length, or the length of the range; -1 without. */
  length: number;
  isChunked: boolean;
  /** Content-Encoding gzip or deflate. */
  isCompressed: boolean;
  transferEncoding: 'none' | 'base64' | 'quoted-printable';
  expectsContinue: boolean;
  /** Content-Range of a 206 response: where it begins, its length, the length of the whole; -1 where not known. */
  isRange: boolean;
  rangeStart: number;
  rangeLength: number;
  wholeLength: number;
}

export const newContentFields = (): ContentFields => ({
  type: 'plain',
  boundary: undefined,
  length: -1,
  isChunked: false,
  isCompressed: false,
  transferEncoding: 'none',
  expectsContinue: false,
  isRange: false,
  rangeStart: 0,
  rangeLength: -1,
  wholeLength: -1,
});

/** Length of the file by the headers, 0 or less when they do not tell. */
export function fileLength(fields: ContentFields): number {
  if (fields.isCompressed) return 0;
  return fields.isRange ? fields.wholeLength : fields.length;
}

/** Reads one header into `fields`. Follows Zeek's HTTP_Entity, weird names included. */
export function readContentField(
  fields: ContentFields,
  name: HeaderName,
  bytes: Bytes,
  line: HeaderLine,
  depth: number,
  host: EntityHost,
): void {
  switch (name) {
    case 'content-length':
      readLength(fields, bytes, line, host);
      break;
    case 'content-range':
      if (host.responseCode === 206) readRange(fields, bytes, line, host);
      break;
    case 'transfer-encoding':
      readFraming(fields, bytes, line, depth, host);
      break;
    case 'content-encoding':
      if (line.readToken(bytes.u8) && compressed.some((coding) => isText(bytes.u8, line.tokenStart, line.tokenEnd, coding)))
        fields.isCompressed = true;
      break;
    case 'content-transfer-encoding':
      readTransferEncoding(fields, bytes, line);
      break;
    case 'content-type':
      readType(fields, bytes, line);
      break;
    case 'expect':
      readExpect(fields, bytes, line, host);
      break;
    default: // says nothing about the body
  }
}

function readLength(fields: ContentFields, bytes: Bytes, line: HeaderLine, host: EntityHost): void {
  if (fields.isChunked) host.weird('HTTP_content_length_and_chunked');
  if (!line.readToken(bytes.u8)) return;
  const value = leadingNumber(bytes.u8, line.tokenStart, line.tokenEnd, 10);
  if (Number.isNaN(value) || value < 0) {
    host.weird('HTTP_bad_content_length', bytes.text(line.tokenStart, line.tokenEnd));
    fields.length = 0;
    return;
  }
  if (value > 0 && bytes.u8[line.tokenStart] === 0x30)
    host.weird('HTTP_content_length_leading_zeros', bytes.text(line.tokenStart, line.tokenEnd));
  fields.length = value;
  if (fields.isRange && fields.rangeLength !== value) {
    host.weird('HTTP_range_not_matching_len');
    fields.length = Math.max(value, fields.rangeLength);
  }
  if (fields.length === 0 && fields.expectsContinue) host.weird('HTTP_content_length_0_and_expect_100_cont');
}

/** `bytes 0-499/1234`, RFC 9110 §14.4. */
function readRange(fields: ContentFields, bytes: Bytes, line: HeaderLine, host: EntityHost): void {
  if (fields.isChunked) host.weird('HTTP_content_range_and_chunked');
  line.readToken(bytes.u8);
  if (bytes.latin1(line.tokenStart, line.tokenEnd) !== 'bytes') {
    host.weird('HTTP_content_range_unknown_byte_unit');
    return;
  }
  const range = bytes.latin1(line.tokenEnd, line.valueEnd).replaceAll(' ', '');
  const [, first, last, whole] = /^([^/-]*)-([^/]*)\/(.*)$/s.exec(range) ?? [];
  const from = Number.parseInt(first ?? '', 10);
  const to = Number.parseInt(last ?? '', 10);
  if (Number.isNaN(from) || Number.isNaN(to)) host.weird('HTTP_content_range_cannot_parse', first === undefined ? undefined : range);
  else if (to < 0) host.weird('HTTP_content_range_invalid', range);
  else if (to < from) host.weird('HTTP_non_positive_content_range', range);
  else if (Number.isSafeInteger(to)) setRange(fields, from, to - from + 1, whole ?? '', range, host);
}

function setRange(fields: ContentFields, start: number, length: number, whole: string, range: string, host: EntityHost): void {
  if (whole !== '*') {
    fields.wholeLength = Number.parseInt(whole, 10);
    if (Number.isNaN(fields.wholeLength)) {
      host.weird('HTTP_content_range_invalid_instance', range);
      fields.wholeLength = 0;
    }
  }
  fields.isRange = true;
  fields.rangeStart = start;
  fields.rangeLength = length;
  if (fields.length > 0 && fields.length !== length) host.weird('HTTP_range_not_matching_len');
  fields.length = Math.max(fields.length, length);
}

function readFraming(fields: ContentFields, bytes: Bytes, line: HeaderLine, depth: number, host: EntityHost): void {
  if (depth > 0) {
    host.weird('HTTP_nested_transfer_encoding_header');
    return;
  }
  if (!line.readToken(bytes.u8) || !isText(bytes.u8, line.tokenStart, line.tokenEnd, 'chunked') || host.framingVersion !== 11) return;
  fields.isChunked = true;
  if (line.tokenEnd < line.valueEnd) host.weird('HTTP_chunked_multi', bytes.text(line.tokenEnd, line.valueEnd));
  if (fields.length >= 0) host.weird('HTTP_content_length_and_chunked');
}

function readTransferEncoding(fields: ContentFields, bytes: Bytes, line: HeaderLine): void {
  if (!line.readToken(bytes.u8)) return;
  const is = (encoding: string): boolean => isText(bytes.u8, line.tokenStart, line.tokenEnd, encoding);
  fields.transferEncoding = is('base64') ? 'base64' : is('quoted-printable') ? 'quoted-printable' : 'none';
}

function readType(fields: ContentFields, bytes: Bytes, line: HeaderLine): void {
  if (!line.readToken(bytes.u8)) return;
  const is = (type: string): boolean => isText(bytes.u8, line.tokenStart, line.tokenEnd, type);
  fields.type = is('multipart') ? 'multipart' : is('message') ? 'message' : 'plain';
  if (fields.type !== 'multipart') return;
  fields.boundary = boundaryOf(bytes.latin1(line.valueStart, line.valueEnd));
  if (fields.boundary === undefined) fields.type = 'plain';
}

function readExpect(fields: ContentFields, bytes: Bytes, line: HeaderLine, host: EntityHost): void {
  line.readToken(bytes.u8);
  if (!isText(bytes.u8, line.tokenStart, line.tokenEnd, '100-continue')) {
    host.weird('HTTP_expect_not_100_continue', bytes.text(line.tokenStart, line.tokenEnd));
  }
  fields.expectsContinue = true;
  if (fields.length === 0) host.weird('HTTP_content_length_0_and_expect_100_cont');
}
