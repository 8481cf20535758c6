// POSIX ustar (IEEE 1003.1 pax, "ustar Interchange Format"), as much as a bundle needs: regular files of its owner. What is read
// must be exactly what is written, so that no link, device, owner or path that leads elsewhere can hide in an archive.

export const tarBlock = 512;
const maxName = 100;
/** Sizes from here on are binary, as GNU tar and others write them: octal has 11 digits. */
const octalLimit = 8 ** 11;

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;

/** Name and prefix of a path; undefined when it is too long. */
function split(path: string): readonly [name: string, prefix: string] | undefined {
  if (path.length <= maxName) return [path, ''];
  const at = path.indexOf('/', path.length - maxName - 1);
  return at < 0 || at > 155 ? undefined : [path.slice(at + 1), path.slice(0, at)];
}

function sizeField(bytes: number): Uint8Array {
  if (bytes < octalLimit) return Buffer.from(octal(bytes, 11), 'latin1');
  const field = Buffer.alloc(12);
  field[0] = 0x80;
  field.writeBigUInt64BE(BigInt(bytes), 4);
  return field;
}

/** The header of a regular file. `seconds` since 1970. @throws {RangeError} for a path that ustar cannot hold */
export function tarHeader(path: string, bytes: number, seconds: number): Uint8Array {
  const parts = split(path);
  if (parts === undefined) throw new RangeError(`${path} is too long for a tar archive`);
  const header = Buffer.alloc(tarBlock);
  header.write(parts[0], 0, 'latin1');
  header.write(`${octal(0o600, 7)}${octal(0, 7)}${octal(0, 7)}`, 100, 'latin1');
  header.set(sizeField(bytes), 124);
  header.write(octal(seconds, 11), 136, 'latin1');
  header.write('        0', 148, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(`${octal(0, 7)}${octal(0, 7)}`, 329, 'latin1');
  header.write(parts[1], 345, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148, 'latin1');
  return header;
}

const field = (header: Uint8Array, start: number, length: number): string => {
  const text = Buffer.from(header.subarray(start, start + length)).toString('latin1');
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
};

function sizeOf(header: Uint8Array): number {
  if (header[124] === 0x80) return Number(Buffer.from(header.subarray(128, 136)).readBigUInt64BE());
  const text = field(header, 124, 12);
  return /^[0-7]{11}$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** What a type flag means, for a person. */
const kinds: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '5': 'a folder',
  '3': 'a device',
  '4': 'a device',
};

/** Path and size of a header, or what is wrong with it. */
export function parseTarHeader(
  header: Uint8Array,
): { readonly path: string; readonly bytes: number } | { readonly path: string; readonly problem: string } {
  const prefix = field(header, 345, 155);
  const path = `${prefix === '' ? '' : `${prefix}/`}${field(header, 0, 100)}`;
  const type = String.fromCharCode(header[156] ?? 0);
  if (type !== '0') return { path, problem: `is ${kinds[type] ?? `an entry of type ${JSON.stringify(type)}`}` };
  const bytes = sizeOf(header);
  const time = field(header, 136, 12);
  if (!Number.isSafeInteger(bytes) || !/^[0-7]{11}$/.test(time)) return { path, problem: 'has a damaged header' };
  try {
    if (Buffer.compare(tarHeader(path, bytes, Number.parseInt(time, 8)), header) !== 0)
      return { path, problem: 'has a header that no bundle has' };
  } catch {
    return { path, problem: 'has a path that no bundle has' };
  }
  return { path, bytes };
}
