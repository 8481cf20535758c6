// As much of DER (X.690) as time stamps need: definite lengths, low tags, bounded depth by the callers.

/** One element, as places in the bytes that hold it. */
export interface Der {
  readonly tag: number;
  readonly bytes: Uint8Array;
  /** Of the content. */
  readonly start: number;
  readonly end: number;
}

export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
} as const;

/** The element at `at`; undefined when it is not whole within `end`, or not DER. */
export function readDer(bytes: Uint8Array, at: number, end: number = bytes.length): Der | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > end || (tag & 0x1f) === 0x1f) return undefined;
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || start + count > end) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
    if (length < 0x80) return undefined;
  }
  return start + length > end ? undefined : { tag, bytes, start, end: start + length };
}

/** The elements inside; undefined when they do not fill it. */
export function childrenOf({ bytes, start, end }: Der): readonly Der[] | undefined {
  const children: Der[] = [];
  for (let at = start; at < end; ) {
    const child = readDer(bytes, at, end);
    if (child === undefined) return undefined;
    children.push(child);
    at = child.end;
  }
  return children;
}

/** The content; a view. */
export const contentOf = ({ bytes, start, end }: Der): Uint8Array => bytes.subarray(start, end);

/** An element with this content. */
export function writeDer(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Uint8Array.from([...head, ...content.flatMap((part) => [...part])]);
}

/** A positive integer from its big-endian bytes. */
export function writeInteger(bytes: Uint8Array): Uint8Array {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  const digits = bytes.subarray(from);
  return writeDer(derTags.integer, ...((digits[0] ?? 0) >= 0x80 ? [Uint8Array.of(0), digits] : [digits]));
}
