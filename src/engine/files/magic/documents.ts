// Office documents, print, mail and fonts.
import { literal, oneOf, pattern, type Rule, test } from './rule.ts';

const entry = 'PK\x03\x04';

/** An Office Open XML file: one of the parts that all have comes first, one of its own kind anywhere after it. */
const openXml = (kind: string, folder: string): Rule =>
  test(`application/vnd.openxmlformats-officedocument.${kind}`, 80, 'P', (text) => {
    if (!text.startsWith(entry)) return false;
    if (!['[Content_Types].xml', '_rels/.rels', folder].some((name) => text.startsWith(name, 30))) return false;
    for (let at = text.indexOf(entry, 31); at !== -1; at = text.indexOf(entry, at + 1)) {
      if (text.startsWith(folder, at + 30)) return true;
    }
    return false;
  });

const openDocumentName = '\x08\0\0\0mimetypeapplication/vnd.oasis.opendocument.';

/** An OpenDocument file: the first entry of the archive is called `mimetype` and holds the type, stored. */
const openDocument = (kind: string, strength: number): Rule => {
  const plain = !kind.includes('-') && kind !== 'database';
  return test(`application/vnd.oasis.opendocument.${kind}`, strength, 'P', (text) => {
    if (!text.startsWith(entry) || !text.startsWith(openDocumentName + kind, 26)) return false;
    const next = text[26 + openDocumentName.length + kind.length];
    return !plain || (next !== undefined && next !== '-');
  });
};

const openDocumentKinds = ['text', 'graphics', 'presentation', 'spreadsheet', 'chart', 'formula', 'image'];

export const documents: readonly Rule[] = [
  literal('application/msword', 50, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
  literal('application/vnd.openxmlformats-officedocument', 50, 'PK\x03\x04\x14\0\x06\0'),
  openXml('wordprocessingml.document', 'word/'),
  openXml('spreadsheetml.sheet', 'xl/'),
  openXml('presentationml.presentation', 'ppt/'),
  oneOf('application/x-msaccess', 180, ['Standard Jet DB\0', 'Standard ACE DB\0'], 4),
  ...openDocumentKinds.map((kind) => openDocument(kind, 110)),
  ...openDocumentKinds.map((kind) => openDocument(`${kind}-template`, 120)),
  openDocument('text-web', 70),
  openDocument('text-master', 100),
  openDocument('database', 110),
  pattern('application/epub+zip', 110, 'P', String.raw`^PK\x03\x04.{22}\x08\0\0\0mimetypeapplication/epub\+zip`),
  pattern('application/vnd.google-earth.kmz', 100, 'P', String.raw`^PK\x03\x04\x14.{25}doc\.kml`),
  literal('application/pdf', 80, '%PDF-'),
  literal('application/vnd.fdf', 80, '%FDF-'),
  literal('application/postscript', 50, '%!'),
  literal('application/postscript', 60, '\x04%!'),
  literal('text/rtf', 80, '{\\rtf'),
  oneOf('application/vnd.lotus-wordpro', 120, ['WordPro\r\xfb']),
  literal('application/vnd.lotus-wordpro', 110, 'WordPro\0'),
  literal('application/x-mif', 130, '<MakerFile'),
  literal('application/x-mif', 120, '<BookFile'),
  literal('application/x-mif', 110, '<MIFFile'),
  literal('application/x-mif', 190, '<MakerScreenFont'),
  literal('application/x-mif', 90, '<Maker'),
  literal('application/x-mif', 70, '<MML'),
  literal('application/x-quark-xpress-3', 90, 'MMXPR3', 2),
  literal('application/x-sc', 140, 'Spreadsheet', 38),
  literal('application/x-gnumeric', 160, '<gmr:Workbook', 39),
  literal('application/x-scribus', 260, '<SCRIBUSUTF8NEW Version'),
  pattern('application/x-freeplane', 260, '<', '^<map ?version="freeplane'),
  pattern('application/x-freemind', 150, '<', '^<map ?version'),
  literal('application/x-ms-reader', 1, 'ITOLITLS'),
  literal('application/mshelp', 100, 'ITSF'),
  literal('application/x-dvi', 50, '\xf7\x02'),
  pattern('application/vnd.ms-outlook', 49, '!', String.raw`^!BDN.{6}[\x0e\x0f\x15\x17][\0-\x02]`),
  literal('application/vnd.ms-tnef', 100, 'x\x9f>"'),
  literal('application/sla', 10, 'solid '),
  literal('application/skp', 100, `\xff\xfe\xff\x0e${[...'SketchUp Model'].map((character) => `${character}\0`).join('')}`),
  pattern('model/vrml', 190, '#', String.raw`^#VRML ?V1\.0 ?ascii`),
  pattern('model/vrml', 180, '#', String.raw`^#VRML ?V2\.0 ?utf8`),
  ...['agenda:\x84\0\0\x10', 'data:\x86\0\0\x10', 'jotter:\xea\x0c\0\x10'].map((kind) =>
    literal(`application/x-epoc-${kind.slice(0, kind.indexOf(':'))}`, 70, `P\0\0\x10m\0\0\x10${kind.slice(kind.indexOf(':') + 1)}`),
  ),
  ...['word:\x7f\0\0\x10', 'opl:\x85\0\0\x10', 'sheet:\x88\0\0\x10'].map((kind) =>
    literal(`application/x-epoc-${kind.slice(0, kind.indexOf(':'))}`, 70, `7\0\0\x10m\0\0\x10${kind.slice(kind.indexOf(':') + 1)}`),
  ),

  literal('text/calendar', 180, 'BEGIN:VCALENDAR'),
  literal('text/x-vcard', 140, 'BEGIN:VCARD'),
  literal('message/rfc822', 170, 'Relay-Version:'),
  pattern('message/rfc822', 160, 'dD', '^delivered-to:', 'i'),
  pattern('message/rfc822', 150, 'rR', '^return-path:', 'i'),
  literal('message/rfc822', 130, 'Forward to'),
  literal('message/rfc822', 120, 'N#! rnews'),
  literal('message/rfc822', 110, '#! rnews'),
  literal('message/rfc822', 100, 'Pipe to'),
  literal('message/rfc822', 80, 'From:'),
  literal('message/news', 100, 'Article'),
  oneOf('message/news', 80, ['Path:', 'Xref:']),

  literal('application/font-woff2', 70, 'wOF2'),
  literal('application/font-woff', 70, 'wOFF'),
  literal('application/x-font-ttf', 80, '\0\x01\0\0\0'),
  literal('application/vnd.ms-fontobject', 50, 'LP', 34),
  test('application/x-font-sfn', 70, '\x04\0', (text) =>
    ['\x04\0\0\0', '\0\0\0\x04'].some(
      (mark) => text.startsWith(mark) && (text.startsWith('\x04\0\0\0', 104) || text.startsWith('\0\0\0\x04', 104)),
    ),
  ),
  literal('application/vnd.ms-opentype', 70, 'OTTO'),
  literal('application/vnd.font-fontforge-sfd', 160, 'SplineFontDB:'),
];
