// XML and HTML by their first element. White space, comments and one XML declaration may come before it; a comment or
// declaration may end at any of the later end marks, so there can be several places where the element may stand.
import { pattern, type Rule, test } from './rule.ts';

/** Places looked at; hostile text can hold thousands of comment ends. */
const maxPlaces = 64;
const byteOrderMark = /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/;

const isBlank = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0a) || code === 0x0d;

function skipBlank(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Adds every place after `from` that white space and comments lead to. */
function addPlaces(text: string, from: number, places: number[]): void {
  const at = skipBlank(text, from);
  places.push(at);
  if (!text.startsWith('<!--', at)) return;
  for (let end = text.indexOf('-->', at + 4); end !== -1 && places.length < maxPlaces; end = text.indexOf('-->', end + 1)) {
    places.push(skipBlank(text, end + 3));
  }
}

interface Places {
  /** Where an XML declaration or the element may stand. */
  readonly declaration: readonly number[];
  /** Where the element may stand. */
  readonly element: readonly number[];
}

function find(text: string): Places {
  const declaration: number[] = [];
  addPlaces(text, byteOrderMark.exec(text)?.[0].length ?? 0, declaration);
  const element = [...declaration];
  for (const at of declaration) {
    if (!text.startsWith('<?xml ', at)) continue;
    for (let end = text.indexOf('?>', at + 6); end !== -1 && element.length < maxPlaces; end = text.indexOf('?>', end + 1)) {
      addPlaces(text, end + 2, element);
    }
  }
  return { declaration, element };
}

let lastText = '';
let last: Places = { declaration: [], element: [] };

/** Several rules ask for the same text in a row. */
function places(text: string): Places {
  if (text !== lastText) {
    last = find(text);
    lastText = text;
  }
  return last;
}

const firsts = '<\t\n\r \xef\xff\xfe';

/** The first element fits a sticky pattern. */
const element = (type: string, strength: number, regex: RegExp): Rule =>
  test(type, strength, firsts, (text) =>
    places(text).element.some((at) => {
      regex.lastIndex = at;
      return regex.test(text);
    }),
  );

const xmlDeclaration = /\0?<\0?\?\0?x\0?m\0?l\0? \0?/y;
const versioned = '^<\\?xml version="[^\\0].{3}.*';

export const markup: readonly Rule[] = [
  element('text/html', 100, /<(?:!doctype +html|html|meta +http-equiv)/iy),
  element('text/html', 20, /<(?:head|title|body)/iy),
  element('text/rss', 90, /<rss/iy),
  element('text/atom', 100, /<(?:[rR][sS][sS][^>]*xmlns:atom|[fF][eE][eE][dD][^>]*xmlns=["']?http:\/\/www.w3.org\/2005\/Atom)/y),
  element('application/soap+xml', 49, /<soap(?:-env)?:envelope/iy),
  element('text/x-cross-domain-policy', 49, /<(?:!doctype +)?cross-domain-policy/iy),
  element('application/xml-rpc', 49, /<methodresponse>/iy),
  element('magnus-internal/cold-fusion', 20, /<(?:CFPARAM|CFSET|CFIF)/y),
  element('application/f4m', 49, /<[mM][aA][nN][iI][fF][eE][sS][tT][\r\n\t ]+xmlns="http:\/\/ns\.adobe\.com\/f4m\//y),
  test('application/xml', 10, `${firsts}\0`, (text) =>
    places(text).declaration.some((at) => {
      xmlDeclaration.lastIndex = at;
      return xmlDeclaration.test(text);
    }),
  ),
  pattern('model/x3d', 43, '<', String.raw`^<\?xml version=".{5}.*<!DOCTYPE ?X3D`),
  pattern('application/xml-sitemap', 37, '<', `${versioned}<urlset`),
  pattern('image/svg+xml', 38, '<', `${versioned}<svg`),
  pattern('application/x-gnucash', 37, '<', `${versioned}<gnc-v2`),
  pattern('application/vnd.google-earth.kml+xml', 61, '<', String.raw`^<\?xml.{15}.* xmlns=['"]http://earth.google.com/kml`),
  pattern('application/vnd.google-earth.kml+xml', 60, '<', String.raw`^<\?xml.{15}.* xmlns=['"]http://www.opengis.net/kml`),
];
