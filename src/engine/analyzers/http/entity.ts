// A message or a part of one: header fields, then a body, which can hold further entities (RFC 9112 §6, RFC 2046).
// Follows Zeek's MIME and HTTP entities in what is a body, where it ends, and which bytes make a file.
import { Bytes } from '../../../base/bytes.ts';
import type { FileStream } from '../../files/file-stream.ts';
import { ContentDecoder } from './content-decoder.ts';
import { type ContentFields, fileLength, newContentFields, readContentField } from './content-fields.ts';
import type { EntityHost } from './entity-host.ts';
import { HeaderLine, leadingNumber } from './header-line.ts';
import { HeldLine } from './held-line.ts';
import type { Transaction } from './transaction.ts';
import { Base64Decoder, decodeQuotedPrintable } from './transfer-decoder.ts';

/** Whether a body follows the headers: no; yes; only where a header says so. */
export type BodyRule = 'none' | 'expected' | 'announced';

type Chunk = 'none' | 'size' | 'data' | 'data-end' | 'trailer';

/** Parts inside parts; Zeek's `MIME::max_depth`. */
const maxDepth = 100;
/** A body that ends with the connection. */
const untilClose = 0x7fffffff;

const dash = 0x2d;
const lineEnd = new Bytes(Uint8Array.of(0x0d, 0x0a));
const header = new HeaderLine();
const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;

export class Entity {
  readonly #host: EntityHost;
  readonly #parent: Entity | undefined;
  readonly depth: number;
  #rule: BodyRule;
  #inHeader = true;
  #ended = false;

  readonly #line = new HeldLine();

  #fields: ContentFields = newContentFields();
  #chunk: Chunk = 'none';
  /** Bytes of the body or chunk still to come. */
  #expected = 0;
  bodyLength = 0;
  #decoder: ContentDecoder | undefined;
  #base64: Base64Decoder | undefined;
  /** A line end that belongs to the content unless a boundary follows. */
  #owesLineEnd = false;
  #child: Entity | undefined;
  /** A part that is in its body, which holds parts itself and is not compressed: its lines go on to the innermost part. */
  #passesOn = false;

  #file: FileStream | undefined;
  #fileOf: Transaction | undefined;
  #isFirstData = true;
  /** Position in the file of a range. */
  #offset = 0;

  constructor(host: EntityHost, parent: Entity | undefined, rule: BodyRule) {
    this.#host = host;
    this.#parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.#rule = rule;
  }

  get parent(): Entity | undefined {
    return this.#parent;
  }

  get isMultipart(): boolean {
    return this.#fields.type === 'multipart';
  }

  /** Begins anew, for the next message of the same side. Only for an entity without a parent. */
  reset(rule: BodyRule): void {
    this.#rule = rule;
    this.#inHeader = true;
    this.#ended = false;
    this.#line.clear();
    this.#fields = newContentFields();
    this.#chunk = 'none';
    this.#expected = 0;
    this.bodyLength = 0;
    this.#decoder = undefined;
    this.#base64 = undefined;
    this.#owesLineEnd = false;
    this.#child = undefined;
    this.#file = undefined;
    this.#fileOf = undefined;
    this.#isFirstData = true;
    this.#offset = 0;
  }

  /** A line without its end (`hasLineEnd`) or bytes of a body. */
  deliver(bytes: Bytes, start: number, end: number, hasLineEnd: boolean): void {
    if (this.#ended) return;
    if (this.#inHeader) {
      if (!hasLineEnd) this.#host.weird('http_no_crlf_in_header_list');
      this.#headerLine(bytes, start, end);
    } else if (this.#isContainer) this.#container(bytes, start, end, hasLineEnd);
    else if (this.#chunk !== 'none') this.#chunked(bytes, start, end);
    else if (this.#fields.length >= 0) {
      this.#encodedBody(bytes, start, end, false);
      this.#expected -= end - start;
      if (this.#expected <= 0) {
        this.#host.reader.plain = 0;
        this.end();
      }
    } else this.#encodedBody(bytes, start, end, hasLineEnd);
  }

  /** The segment goes away: keeps a copy of a header line that may be continued. */
  keepLine(): void {
    for (let part: Entity | undefined = this; part !== undefined; part = part.#child) part.#line.keep();
  }

  /** Nothing more comes. */
  end(): void {
    this.#decoder?.close();
    this.#decoder = undefined;
    if (this.#ended) return;
    this.#ended = true;
    this.#passesOn = false;
    if (this.#inHeader) this.#endHeader();
    else {
      this.#child?.end();
      this.#child = undefined;
      if (this.#base64 !== undefined) this.#submit(new Bytes(this.#base64.end()));
    }
    this.#host.entityEnded(this);
  }

  /** `count` bytes were lost. @returns whether they lie wholly inside the body, so that reading can go on */
  gap(count: number): boolean {
    if (this.#child !== undefined) return this.#child.gap(count);
    if ((this.#ended && this.#inHeader) || this.bodyLength === 0) return false;
    // What is lost behind the message is told of a file of its own, as Zeek does, but not behind one that was all parts.
    if (!this.#ended || !this.#isContainer) {
      this.#file ??= this.#open(this.#ended);
      this.#file.gap(count, this.#host.now);
    }
    this.#offset += count;
    if (this.#chunk === 'none' ? this.#fields.length < 0 : this.#chunk !== 'data') return false;
    const { reader } = this.#host;
    if (this.#expected < count) return false;
    this.bodyLength += count;
    this.#expected -= count;
    reader.plain = this.#expected;
    if (reader.limit >= 0) reader.limit = this.#expected;
    if (this.#expected > 0) return true;
    if (this.#chunk === 'data') this.#chunk = 'data-end';
    else this.end();
    return true;
  }

  /** Ends the file of this entity, if there is one. */
  closeFile(): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    file.close(this.#host.now);
    this.#noteType(file);
  }

  get #isContainer(): boolean {
    return this.#fields.type === 'multipart' || this.#fields.type === 'message';
  }

  #headerLine(bytes: Bytes, start: number, end: number): void {
    const first = bytes.u8[start];
    if (start === end || first === 0) {
      this.#endHeader();
      if (!this.#ended) this.#beginBody();
    } else if (isBlank(first) && this.#line.bytes !== undefined) {
      if (!this.#line.fold(bytes, start, end)) this.#host.weird('exceeded_mime_max_header_bytes', String(this.#line.end));
    } else {
      this.#endLine();
      let from = start;
      while (from < end && isBlank(bytes.u8[from])) from++;
      if (from < end) this.#line.hold(bytes, from, end, bytes === this.#host.reader.segment);
    }
  }

  /** The held line is complete. */
  #endLine(): void {
    const { bytes, start, end } = this.#line;
    if (bytes === undefined) return;
    this.#line.clear();
    if (!header.read(bytes.u8, start, end)) return;
    const name = header.known(bytes.u8);
    if (this.#line.lines > 1 && this.depth === 0)
      this.#host.weird('HTTP_obsolete_line_folding', bytes.text(header.nameStart, header.nameEnd));
    if (name !== undefined) readContentField(this.#fields, name, bytes, header, this.depth, this.#host);
    this.#host.header(name, bytes, header);
  }

  #endHeader(): void {
    this.#endLine();
    this.#inHeader = false;
    const fields = this.#fields;
    this.#offset = fields.rangeStart;
    if (this.#parent?.isMultipart === true) this.#host.reader.crlfOnly = true;
    if (this.#chunk === 'trailer' || this.#rule === 'none') this.end();
    else if (this.#isContainer) this.#beginContainer();
    else if (fields.isChunked) this.#chunk = 'size';
    else if (fields.length > 0) this.#expect(fields.length);
    else if (fields.length === 0) this.end();
    else if (this.#host.endsWithConnection || fields.isCompressed) this.#expect(untilClose);
    else if (this.#rule === 'announced') this.end();
  }

  #expect(bytes: number): void {
    this.#expected = bytes;
    this.#host.reader.plain = bytes;
  }

  #beginContainer(): void {
    const { isChunked, length } = this.#fields;
    if (isChunked) this.#host.weird('HTTP_chunked_transfer_for_multipart_message');
    this.#passesOn = this.depth > 0 && !this.#ended && !this.#fields.isCompressed;
    if (this.depth > 0 || length < 0) return;
    if (length === 0) this.end();
    else {
      this.#expected = length;
      this.#host.reader.limit = length;
    }
  }

  /** A body read by lines. Like Zeek it takes every line end for two bytes, so that a body with others ends too early. */
  #container(bytes: Bytes, start: number, end: number, hasLineEnd: boolean): void {
    this.#encodedBody(bytes, start, end, hasLineEnd);
    if (this.depth > 0 || this.#fields.length <= 0) return;
    this.#expected -= end - start + (hasLineEnd ? 2 : 0);
    if (this.#expected > 0) return;
    this.#host.reader.plain = 0;
    this.end();
  }

  #beginBody(): void {
    if (this.#fields.transferEncoding === 'base64') this.#base64 = new Base64Decoder();
    if (this.#fields.type === 'message') this.#openChild();
  }

  #chunked(bytes: Bytes, start: number, end: number): void {
    const { reader } = this.#host;
    if (this.#chunk === 'data') {
      this.#expected -= end - start;
      if (this.#expected <= 0) {
        reader.plain = 0;
        this.#chunk = 'data-end';
      }
      this.#encodedBody(bytes, start, end, false);
    } else if (this.#chunk === 'data-end') this.#chunk = 'size';
    else if (this.#chunk === 'size') {
      const size = leadingNumber(bytes.u8, start, end, 16);
      if (Number.isNaN(size)) this.#host.weird('HTTP_bad_chunk_size', bytes.text(start, end));
      if (size > 0) {
        this.#expected = size;
        this.#chunk = 'data';
        reader.plain = size;
      } else {
        this.#inHeader = true;
        this.#chunk = 'trailer';
      }
    }
  }

  /** Body as it is on the wire, framing undone. */
  #encodedBody(bytes: Bytes, start: number, end: number, hasLineEnd: boolean): void {
    if (!this.#fields.isCompressed) {
      this.#body(bytes, start, end, hasLineEnd);
      return;
    }
    this.#decoder ??= new ContentDecoder(
      this.#host.platform,
      (output) => this.#body(new Bytes(output), 0, output.length, false),
      (name) => this.#host.weird(name),
    );
    this.#decoder.push(bytes.u8, start, end);
  }

  #body(bytes: Bytes, start: number, end: number, hasLineEnd: boolean): void {
    this.bodyLength += end - start + (hasLineEnd ? 2 : 0);
    if (this.depth === 0) this.#host.sample(bytes.u8, start, end, hasLineEnd);
    const { boundary } = this.#fields;
    if (boundary !== undefined && this.isMultipart && this.#takeBoundary(bytes.u8, start, end, boundary)) return;
    if (this.#isContainer) this.#deliverInside(bytes, start, end, hasLineEnd);
    else this.#content(bytes, start, end, hasLineEnd);
  }

  /** Gives a line to the innermost part, unless it is a boundary of one on the way: in a loop, as there can be a hundred. */
  #deliverInside(bytes: Bytes, start: number, end: number, hasLineEnd: boolean): void {
    const { u8 } = bytes;
    const mayBeBoundary = end - start > 2 && u8[start] === dash && u8[start + 1] === dash;
    for (let part = this.#child; part !== undefined; part = part.#child) {
      if (!part.#passesOn) {
        part.deliver(bytes, start, end, hasLineEnd);
        return;
      }
      if (!mayBeBoundary) continue;
      part.bodyLength += end - start;
      const { boundary } = part.#fields;
      if (boundary !== undefined && part.isMultipart && part.#takeBoundary(u8, start, end, boundary)) return;
    }
  }

  /** RFC 2046 §5.1.1. @returns whether the line is a boundary */
  #takeBoundary(u8: Uint8Array, start: number, end: number, boundary: Uint8Array): boolean {
    const from = start + 2;
    if (from + boundary.length > end || u8[start] !== dash || u8[start + 1] !== dash) return false;
    for (let i = 0; i < boundary.length; i++) if (u8[from + i] !== boundary[i]) return false;
    const rest = from + boundary.length;
    this.#child?.end();
    this.#child = undefined;
    if (rest + 2 <= end && u8[rest] === dash && u8[rest + 1] === dash) this.end();
    else if (!this.#ended) this.#openChild();
    return true;
  }

  #openChild(): void {
    if (this.depth >= maxDepth) {
      this.#host.weird('exceeded_mime_max_depth', String(this.depth));
      return;
    }
    this.#child = new Entity(this.#host, this, 'expected');
    this.#child.#fields.transferEncoding = this.#fields.transferEncoding;
    this.#host.entityBegan(this.#child);
  }

  /** Bytes of the content itself, still in its transfer encoding. */
  #content(bytes: Bytes, start: number, end: number, hasLineEnd: boolean): void {
    switch (this.#fields.transferEncoding) {
      case 'base64':
        this.#base64 ??= new Base64Decoder();
        this.#submit(new Bytes(this.#base64.decode(bytes.u8, start, end)));
        return;
      case 'quoted-printable':
        this.#submit(new Bytes(decodeQuotedPrintable(bytes.u8, start, end)));
        return;
      case 'none':
        if (this.#owesLineEnd) this.#submit(lineEnd);
        this.#owesLineEnd = false;
        this.#submit(bytes, start, end);
        if (!hasLineEnd) return;
        if (this.#parent?.isMultipart === true) this.#owesLineEnd = true;
        else this.#submit(lineEnd);
    }
  }

  #submit(bytes: Bytes, start = 0, end = bytes.u8.length): void {
    if (start === end) return;
    this.#file ??= this.#open(false);
    if (this.#isFirstData) {
      this.#isFirstData = false;
      const length = fileLength(this.#fields);
      if (length > 0) this.#file.setTotal(length);
    }
    if (this.#fields.isRange) this.#file.seek(this.#offset);
    this.#offset += end - start;
    this.#file.push(bytes.u8, start, end, this.#host.now);
    if (this.#file.mimeType !== undefined) this.#noteType(this.#file);
  }

  #open(isAfterEnd: boolean): FileStream {
    const file = this.#host.openFile(this.depth, isAfterEnd);
    this.#fileOf = file.isNewHere ? this.#host.transaction : undefined;
    this.#fileOf?.filesOf(this.#host.fromClient).add(file.fuid, this.#fileOf.entityName);
    return file;
  }

  /** The type of a file is told once, to the transaction that it began with. */
  #noteType(file: FileStream): void {
    if (file.mimeType !== undefined) this.#fileOf?.filesOf(this.#host.fromClient).addType(file.mimeType);
    this.#fileOf = undefined;
  }
}
