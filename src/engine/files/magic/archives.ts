// Archives, compressed data and disk images.
import { literal, oneOf, pattern, type Rule, test } from './rule.ts';

const lzhMethod = /^..-(?:lh[ abcdex0-9]|lz[s2-8]|pm[s012]|pc1)-/s;

/** POSIX.1-1988: name, three numbers of 7, two of 11, check sum, type. */
const tarHeader = /^[\x20-\x7e\0]{100}(?:[0-9 ]{7}\0){3}(?:[0-9 ]{11}\0){2}[0-9\0 ]{7}[ \0][0-7\0]/;

/** Two bytes of ASCII, a method, and the end mark. */
const isArc = (text: string): boolean =>
  text.charCodeAt(3) === 0x1a &&
  text.charCodeAt(0) < 0x80 &&
  text.charCodeAt(1) < 0x80 &&
  '\x02\x03\x04\x05\x06\x07\x08\t\n\x14H'.includes(text.charAt(2));

export const archives: readonly Rule[] = [
  // The look at one byte spares most files the pattern.
  test('application/x-tar', 100, undefined, (text) => text.charCodeAt(107) === 0 && tarHeader.test(text)),
  pattern('application/zip', 10, 'P', String.raw`^PK\x03\x04..`),
  literal('application/zip', 10, 'PK\x07\x08PK\x03\x04'),
  oneOf('application/zip', 340, ['Copyright 1989-1990 PKWARE Inc.', 'PKLITE Copr.'], 30),
  literal('application/x-rar', 70, 'Rar!'),
  literal('application/x-gzip', 100, '\x1f\x8b'),
  literal('application/vnd.ms-cab-compressed', 110, 'MSCF\0\0\0\0'),
  pattern(
    'application/x-dmg',
    100,
    'x',
    String.raw`^x(?:\x01s\rbb\x60|\xdac\x60\x18\x05|\x01c\x60\x18\x05|\xdas\r|[\x01\xda]\xed[\xd0-\xd9])`,
  ),
  literal('application/x-xar', 100, 'xar!'),
  oneOf('application/x-rpm', 70, ['drpm', '\xed\xab\xee\xdb']),
  literal('application/x-debian-package', 171, '!<arch>\ndebian'),
  oneOf('application/x-stuffit', 70, ['SIT!', 'StuffIt']),
  pattern('application/x-archive', 70, '!<', '^!?<ar(?:ch)?>'),
  test('application/x-arc', 70, undefined, isArc),
  literal('application/x-eet', 70, '\x1e\xe7\xff\0'),
  literal('application/x-zoo', 70, '\xdc\xa7\xc4\xfd', 20),
  oneOf('application/x-lz4', 70, ['\x02!L\x18', '\x04"M\x18']),
  literal('application/x-lrzip', 1, 'LRZI'),
  literal('application/x-lzip', 70, 'LZIP'),
  test('application/x-lzh', 80, undefined, (text) => text.charCodeAt(2) === 0x2d && lzhMethod.test(text)),
  literal('application/warc', 50, 'WARC/'),
  literal('application/x-7z-compressed', 50, "7z\xbc\xaf'\x1c"),
  literal('application/x-xz', 90, '\xfd7zXZ\0'),
  oneOf('application/x-lha', 120, ["LHa's SFX", "LHA's SFX"], 36),
  literal('application/x-arj', 50, '`\xea'),
  oneOf('application/x-cpio', 50, ['q\xc7', '\xc7q']),
  literal('application/x-compress', 50, '\x1f\x9d'),
  literal('application/x-lzma', 71, ']\0\0'),
  literal('application/x-ace', 100, '**ACE**', 7),
  literal('application/x-bzip2', 60, 'BZh'),
  literal('application/x-ia-arc', 140, 'filedesc://'),
  literal('application/x-svr4-package', 230, '# PaCkAgE DaTaStReAm'),
  literal('application/x-shar', 280, '# This is a shell archive', 10),
  literal('application/x-iso9660-image', 99, 'CD001'),
  literal('application/x-bittorrent', 140, 'd8:announce'),
  literal('application/mac-binhex40', 320, 'must be converted with BinHex', 11),
];
