// Executables, byte code and scripts.
import { literal, oneOf, pattern, type Rule, test } from './rule.ts';

/** ELF by `e_type`, in the byte order that `e_ident[EI_DATA]` seems to say; that is how Zeek reads it. */
const elf = (type: string, value: string): Rule =>
  pattern(type, 50, '\x7f', `^\\x7fELF[\\x01\\x02](?:\\x01.{10}${value}\\0|\\x02.{10}\\0${value})`);

/** A script by the interpreter of its first line. */
const script = (type: string, strength: number, interpreter: string): Rule =>
  pattern(type, strength, '#', `^#![^\\n]{1,15}bin/(?:env[ \\t-\\r]+)?${interpreter}`);

/** First halves of the magic numbers of CPython 1.5 to 3.14 (Include/internal/pycore_magic_number.h); `\r\n` follows. */
const pythonMagic = new RegExp(
  [
    '^(?:\\xfc\\xc4|\\x99N|\\x87\\xc6|[*-]\\xed|[;EYcmw\\x81\\x8b\\x8c\\x95\\x9f\\xa9\\xb3\\xc7\\xd1\\xdb\\xe5\\xef\\xf9]\\xf2|\\x03\\xf3',
    "[\\xb8\\xc2\\xcc\\xd6\\xe0\\xea\\xf4\\xf5\\xff]\\x0b|[\\t\\x13\\x1d\\x1f';EOXblv\\x80\\x94\\x9e\\xb2\\xcc\\xc6\\xd0\\xda\\xe4\\xee\\xf8]\\x0c",
    '[\\x02\\x0c\\x16\\x17 !*-\\-/-3>-BHIR-U\\\\-af-oz-\\xa7\\xac-\\xcb\\xde-\\xf3]\\r|[\\x10-\\x19]\\x0e)\\r\\n',
  ].join('|'),
);

export const programs: readonly Rule[] = [
  literal('application/x-dosexec', 51, 'MZ'),
  literal('application/x-dosexec', 190, 'MICROSOFT PIFEX\0', 369),
  elf('application/x-object', '\\x01'),
  elf('application/x-executable', '\\x02'),
  elf('application/x-sharedlib', '\\x03'),
  elf('application/x-coredump', '\\x04'),
  pattern('application/x-mach-o-executable', 100, '\xce\xcf', String.raw`^[\xce\xcf]\xfa\xed\xfe`),
  pattern('application/x-mach-o-executable', 100, '\xca', String.raw`^\xca\xfe\xba\xbe..\0[\x01-\x14]`),
  pattern('application/x-elc', 10, ';', String.raw`^;ELC[\0-\x1f\x80-\xff]`),
  literal('application/x-windows-minidump', 50, 'MDMP'),

  pattern('application/java-archive', 100, 'P', String.raw`^PK\x03\x04.{1,200}\x14\0..META-INF/MANIFEST\.MF`),
  pattern('application/x-java-applet', 71, '\xca', String.raw`^\xca\xfe\xba\xbe...[\x2d-\x34]`),
  literal('application/x-java-pack200', 1, '\xca\xfe\xd0\r'),
  literal('application/x-java-jnlp-file', 100, '<jnlp '),
  literal('application/x-java-keystore', 70, '\xfe\xed\xfe\xed'),
  literal('application/x-java-jce-keystore', 70, '\xce\xce\xce\xce'),
  test('application/x-python-bytecode', 80, undefined, (text) => text.startsWith('\r\n', 2) && pythonMagic.test(text)),

  script('text/x-shellscript', 250, '(?:ba|tc|c|z|fa|ae|k)?sh'),
  script('text/x-perl', 60, 'perl'),
  script('text/x-ruby', 60, 'ruby'),
  script('text/x-python', 60, 'python'),
  script('text/x-awk', 60, '(?:g|n)?awk'),
  script('text/x-tcl', 60, '(?:wish|tcl)'),
  script('text/x-lua', 49, 'lua'),
  script('application/javascript', 60, 'node(?:js)?'),
  script('text/x-php', 60, 'php'),
  pattern('application/javascript', 60, '<\r\n\t ', String.raw`^[\r\n\t ]*<script[\t ]+(?:type|language)=['"]?(?:text/)?javascript`, 'i'),
  pattern('application/javascript', 60, 'f\r\n\t ', String.raw`^[\r\n\t ]*for \(;;\);`),
  pattern('application/javascript', 60, 'd\r\n\t ', String.raw`^[\r\n\t ]*document\.write(?:ln)?[:blank]?\(`),
  pattern('application/javascript', 60, '(', String.raw`^\(function\(\)[\t \n]*\{`),
  pattern('application/javascript', 60, '<\r\n\t ', String.raw`^[\r\n\t ]*<script>[\r\n\t ]*(?:var|function) `),
  pattern('text/x-msdos-batch', 110, '@', '^@ *echo +off', 'i'),
  pattern('text/x-msdos-batch', 60, '@', '^@rem', 'i'),
  pattern('text/x-msdos-batch', 70, '@', '^@set +', 'i'),
  pattern('text/x-php', 37, '<', String.raw`^<\?php /\* Smarty version.[0-9.]`),
  test('text/x-php', 40, undefined, (text) => text.includes('<?php')),
  literal('text/x-m4', 40, 'dnl '),

  oneOf('application/x-epoc-opo', 70, ['7\0\0\x10s\0\0\x10']),
  oneOf('application/x-epoc-app', 70, ['7\0\0\x10t\0\0\x10']),
  literal('x-epoc/x-sisx-app', 70, 'z\x1a \x10'),
  literal('application/vnd.symbian.install', 70, '\x19\x04\0\x10', 8),
  literal('application/chrome-ext', 100, 'Cr24'),
  literal('application/chrome-ext-upd', 70, 'CrOD'),
];
