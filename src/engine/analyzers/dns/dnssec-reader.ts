// Records of DNSSEC in the words of Zeek's `answers` column. RFC 4034, RFC 5155.
import { RrType } from './constants.ts';
import { countDigest, countKeyFlags, countSigningAlgorithm } from './dnssec-weirds.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { CountWeird, NameReader } from './name-reader.ts';

const securedTypes: ReadonlySet<number> = new Set([
  RrType.RRSIG,
  RrType.DNSKEY,
  RrType.DS,
  RrType.NSEC,
  RrType.NSEC3,
  RrType.NSEC3PARAM,
  RrType.BINDS,
]);

export const isSecured = (type: number): boolean => securedTypes.has(type);

/**
 * Words of a record whose type `isSecured`; undefined when the message is too short for it.
 * The cursor stands at the record's data, `length` bytes, and is moved behind it. `owner` is the record's name.
 */
export function readSecured(
  type: number,
  cursor: MessageCursor,
  names: NameReader,
  length: number,
  owner: string,
  weird: CountWeird,
): string | undefined {
  switch (type) {
    case RrType.RRSIG:
      return signature(cursor, names, length, weird);
    case RrType.DNSKEY:
      return key(cursor, length, weird);
    case RrType.DS:
      return delegation(cursor, length, weird);
    case RrType.NSEC:
      return next(cursor, names, length, owner, weird);
    case RrType.NSEC3:
      return hashedNext(cursor, length, weird);
    case RrType.NSEC3PARAM:
      return hashParameters(cursor);
    default:
      return signingProgress(cursor, length);
  }
}

function signature(cursor: MessageCursor, names: NameReader, length: number, weird: CountWeird): string | undefined {
  if (cursor.left < 18) return undefined;
  const end = cursor.position + length;
  const covered = cursor.short();
  countSigningAlgorithm('RRSIG', cursor.octet(), weird);
  cursor.skip(15);
  cursor.position = names.read(cursor.position, cursor.end);
  cursor.skip(end - cursor.position);
  return `RRSIG ${covered} ${names.text() || '<Root>'}`;
}

function key(cursor: MessageCursor, length: number, weird: CountWeird): string | undefined {
  if (cursor.left < 4) return undefined;
  countKeyFlags(cursor.short(), cursor.octet(), weird);
  const algorithm = cursor.octet();
  countSigningAlgorithm('DNSKEY', algorithm, weird);
  cursor.skip(length - 4);
  return `DNSKEY ${algorithm}`;
}

function delegation(cursor: MessageCursor, length: number, weird: CountWeird): string | undefined {
  if (cursor.left < 4) return undefined;
  cursor.skip(2);
  const algorithm = cursor.octet();
  const digest = cursor.octet();
  countDigest(digest, weird);
  cursor.skip(length - 4);
  return `DS ${algorithm} ${digest}`;
}

function next(cursor: MessageCursor, names: NameReader, length: number, owner: string, weird: CountWeird): string {
  const start = cursor.position;
  cursor.position = names.read(start, cursor.end);
  skipTypeBitmaps(cursor, length - (cursor.position - start), 'DNSSEC_NSEC_bitmapLen0', weird);
  return `NSEC ${owner} ${names.text()}`;
}

function hashedNext(cursor: MessageCursor, length: number, weird: CountWeird): string | undefined {
  if (cursor.left < 6) return undefined;
  const start = cursor.position;
  cursor.skip(4);
  cursor.skip(cursor.octet());
  cursor.skip(cursor.octet());
  skipTypeBitmaps(cursor, length - (cursor.position - start), 'DNSSEC_NSEC3_bitmapLen0', weird);
  return 'NSEC3';
}

function hashParameters(cursor: MessageCursor): string | undefined {
  if (cursor.left < 5) return undefined;
  cursor.skip(4);
  cursor.skip(cursor.octet());
  return 'NSEC3PARAM';
}

function signingProgress(cursor: MessageCursor, length: number): string | undefined {
  if (cursor.left < 5) return undefined;
  cursor.skip(4);
  cursor.skip(length - 4);
  return 'BIND9 signing signal';
}

/** Windows of a type bitmap, RFC 4034 §4.1.2: stepped over. */
function skipTypeBitmaps(cursor: MessageCursor, length: number, problem: string, weird: CountWeird): void {
  let left = length;
  while (left > 0 && cursor.left > 0) {
    const header = cursor.short();
    const size = header & 0xff;
    if (size === 0) {
      weird(problem, `${header >>> 8}`);
      return;
    }
    cursor.skip(size);
    left -= 2 + size;
  }
}
