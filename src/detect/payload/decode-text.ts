// Decoders that undo one layer of encoding each. All are single passes; text that holds nothing to decode comes back as it is.

/** Continuation bytes that a lead byte announces (RFC 3629 §3), the overlong C0 and C1 included. */
function continuationsOf(lead: number): number {
  if (lead < 0xc0 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
}

/** The character at `at`, or undefined when the bytes there are no UTF-8. */
function pointAt(bytes: readonly number[], at: number, more: number): number | undefined {
  let point = (bytes[at] ?? 0) & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const next = bytes[at + i] ?? 0;
    if ((next & 0xc0) !== 0x80) return undefined;
    point = (point << 6) | (next & 0x3f);
  }
  return point <= 0x10ffff ? point : undefined;
}

/**
 * UTF-8 as lenient servers read it: overlong pairs become ASCII (`%c0%af` for a slash, CVE-2000-0884), bytes that are no UTF-8
 * become Latin-1.
 */
export function lenientUtf8(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    const more = continuationsOf(lead);
    const point = more === 0 ? undefined : pointAt(bytes, at, more);
    text += String.fromCodePoint(point ?? lead);
    if (point !== undefined) at += more;
  }
  return text;
}

const hexByte = /[0-9a-f]{2}/gi;
const bytesOf = (hex: string): number[] => (hex.match(hexByte) ?? []).map((pair) => Number.parseInt(pair, 16));

/** Percent-encoding (RFC 3986 §2.1) and the `%uXXXX` of Microsoft servers. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  return text
    .replace(/%u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
      run.length === 3 ? String.fromCharCode(Number.parseInt(run.slice(1), 16)) : lenientUtf8(bytesOf(run)),
    );
}

/** A run of `\xNN`; line ends are by far the most frequent. */
function decodeRun(run: string): string {
  if (run === '\\x0d\\x0a') return '\r\n';
  if (run.length === 4) return String.fromCharCode(Number.parseInt(run.slice(2), 16));
  const bytes: number[] = [];
  for (let i = 2; i < run.length; i += 4) bytes.push(Number.parseInt(run.slice(i, i + 2), 16));
  return lenientUtf8(bytes);
}

/** `\xNN` of shells, scripts and Zeek's logs; `\uXXXX`, `\u{X}` of JSON, Java and JavaScript; escaped quotes and slashes. */
export function decodeBackslash(text: string): string {
  if (!text.includes('\\')) return text;
  const plain = text.replace(/(?:\\x[0-9a-f]{2})+/gi, decodeRun);
  if (!plain.includes('\\')) return plain;
  return plain
    .replace(/\\u(?:\{([0-9a-f]{1,5})\}|([0-9a-f]{4}))/gi, (_, braced?: string, plain?: string) =>
      String.fromCodePoint(Number.parseInt(braced ?? plain ?? '0', 16)),
    )
    .replace(/\\(["'/])/g, '$1');
}

const namedEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  lpar: '(',
  rpar: ')',
  sol: '/',
  semi: ';',
  colon: ':',
  dollar: '$',
  lbrace: '{',
  lcub: '{',
  rcub: '}',
  newline: '\n',
  tab: '\t',
  nbsp: ' ',
};

/** HTML character references: decimal, hexadecimal and the named ones that payloads use. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,7}));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return namedEntities[name.toLowerCase()] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** `+` as the space of form encoding, where the text shows no other space. */
export const decodePlus = (text: string): string => (text.includes('+') && !text.includes(' ') ? text.replaceAll('+', ' ') : text);

/** Runs of blanks as one, so that patterns need no unbounded repetition; line ends stay apart. */
export const foldBlanks = (text: string): string => text.replace(/[^\S\n]{2,}|[\t\v\f\r\u00a0]/g, ' ').replaceAll('\0', '');
