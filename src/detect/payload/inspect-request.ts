// The attacks that one HTTP request carries: in its path, parameters, headers and body, and where exactly.
import type { HttpRecord } from '../../model/records/http.ts';
import { decodePercent } from './decode-text.ts';
import { inspectText, printable } from './inspect-text.ts';
import { knownHoleSigns } from './known-holes.ts';
import { mayCarry } from './normalise.ts';
import type { PayloadFamily, Place, Sign } from './sign.ts';
import { webShellSigns } from './web-shells.ts';

/** A sign and where in the request it was. */
export interface RequestSign extends Sign {
  /** Path of the request, decoded, printable, at most 200 characters. */
  readonly endpoint: string;
  readonly place: Place;
  /** Name of the parameter; for headers, "header name". */
  readonly parameter?: string;
}

export type RequestFacts = Pick<
  HttpRecord,
  'uri' | 'user_agent' | 'referrer' | 'host' | 'origin' | 'username' | 'password' | 'post_body' | 'request_headers' | 'orig_filenames'
>;

type Param = readonly [name: string, value: string];

const maxParams = 64;
/** Longer forms without any syntax hold no command. */
const maxPlainForm = 1024;
const maxHeaders = 24;
const parameterName = /^[\w.[\]%-]{1,128}$/;

/** Path and query of a request target in any of its forms (RFC 9112 §3.2); the query without its mark. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const local = target.replace(/^[a-z][a-z0-9+.-]{1,12}:\/\/[^/?#\s]{0,255}/i, '');
  const mark = local.indexOf('?');
  return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/** Parameters of a query or form; those of a decoded one may hold more than one piece of a value. */
function paramsOf(text: string): Param[] {
  const params: Param[] = [];
  let continues = false;
  for (const piece of text.split('&', maxParams)) {
    const equals = piece.indexOf('=');
    const last = params.at(-1);
    // Zeek writes URIs decoded: an `&` may belong to the value before it, and `&&` hardly ever stands between parameters.
    if (last === undefined || (!continues && equals > 0 && parameterName.test(piece.slice(0, equals)))) {
      params.push([decodePercent(piece.slice(0, Math.max(0, equals))), decodePercent(piece.slice(equals + 1).replaceAll('+', ' '))]);
    } else params[params.length - 1] = [last[0], `${last[1]}&${decodePercent(piece)}`];
    continues = piece === '';
  }
  return params;
}

/** Fields of a multipart form whose line ends may have become spaces. */
const multipartParams = (body: string): Param[] =>
  [...body.matchAll(/form-data; name="([^"]{1,64})"(?!; ?filename)[\s]{1,8}([^\0]{0,2000}?)\s{0,4}--/g)]
    .slice(0, maxParams)
    .map(([, name = '', value = '']) => [name, value]);

const hot = /[;|`$(){}<>'"\\\s]|&&|\.\.\/|:\/\//;

/** The parameter in which a sign of the family shows; else the first that holds syntax. */
function parameterOf(params: readonly Param[], sign: Sign, place: Place): string | undefined {
  const exact = params.find(([, value]) => inspectText(value, place).some(({ family }) => family === sign.family));
  const name = (exact ?? params.find(([, value]) => hot.test(value)))?.[0];
  return name === undefined || name === '' ? undefined : name;
}

/** Services that take in logs: what attackers sent to others is quoted there. */
const logIntake =
  /\/(?:_bulk|_doc|loki\/api|services\/collector|api\/v\d\/(?:logs|events|push|write|series|traces)|v\d\/(?:logs|traces|metrics|input)|intake|insert\/|gelf|ingest|telemetry|collect|log|logs|events|sentry|envelope|store)(?:\/|$|\?)/i;

const isForm = (body: string): boolean => /^[\w.[\]%#+-]{1,128}=/.test(body);

/** Somebody writes: an article, a ticket, a question about commands. */
const isProse = (body: string): boolean => (body.match(/\b[A-Za-z]{2,}(?=[ +]|%20)/g) ?? []).length > 40;

/** In data that programs exchange, commands are often wanted: they weigh less than in a parameter. */
const oftenWanted: ReadonlySet<PayloadFamily> = new Set(['command', 'download', 'code', 'sql', 'template']);
const inBody = (sign: Sign): Sign =>
  oftenWanted.has(sign.family) && sign.strength === 'exploit' && !/OMI|OGNL|router|Java runtime/.test(sign.technique)
    ? { ...sign, strength: 'attack' }
    : sign;

/** Referrers repeat the addresses of other pages; only what was meant for the reader of headers counts there. */
const referrerFamilies: ReadonlySet<PayloadFamily> = new Set(['look-up', 'reverse-shell', 'download']);

function headerSigns(request: RequestFacts): (readonly [string, Sign])[] {
  const headers = new Map<string, string>();
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined && value.length > 3 && headers.size < maxHeaders && !headers.has(name)) headers.set(name, value);
  };
  put('user-agent', request.user_agent);
  put('referer', request.referrer);
  put('host', request.host);
  put('origin', request.origin);
  for (const line of request.request_headers ?? []) {
    const colon = line.indexOf(':');
    put(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  put('authorization', [request.username, request.password].filter((text) => text !== undefined && text !== '<hidden>').join(':'));
  for (const name of request.orig_filenames ?? []) put('file name', name);
  return [...headers].flatMap(([name, value]) =>
    inspectText(value, 'header')
      .filter(({ family }) => (name !== 'referer' && name !== 'origin') || referrerFamilies.has(family))
      .map((sign) => [name, sign] as const),
  );
}

function bodySigns(body: string, params: readonly Param[]): readonly Located[] {
  if (isForm(body)) {
    const weigh = isProse(body) ? inBody : (sign: Sign): Sign => sign;
    return inspectText(body, 'form').map((sign) => ['form', parameterOf(params, sign, 'form'), weigh(sign)]);
  }
  if (params.length > 0) {
    return params.flatMap(([name, value]) => inspectText(value, 'form').map((sign) => ['form', name, sign] as const));
  }
  return inspectText(body, 'body').map((sign) => ['body', undefined, inBody(sign)]);
}

/** Where in the request, under which name, and what. */
type Located = readonly [place: Place, parameter: string | undefined, sign: Sign];

function querySigns(query: string, params: readonly Param[]): readonly Located[] {
  if (query === '') return [];
  return inspectText(query, 'query').map((sign) => ['query', parameterOf(params, sign, 'query'), sign]);
}

function bodyParamsOf(body: string | undefined): readonly Param[] {
  if (body === undefined) return [];
  if (isForm(body)) return body.length <= maxPlainForm || mayCarry(body, 'form') ? paramsOf(body) : [];
  return body.startsWith('--') && mayCarry(body, 'body') ? multipartParams(body) : [];
}

/** The attacks in a request, gravest first, at most eight. */
export function inspectRequest(request: RequestFacts): readonly RequestSign[] {
  const { path, query } = splitTarget(request.uri ?? '');
  const endpoint = printable(decodePercent(path)).slice(0, 200) || '/';
  const queryParams = query === '' ? [] : paramsOf(query);
  const body = logIntake.test(path) ? undefined : request.post_body;
  const bodyParams = bodyParamsOf(body);
  const located: Located[] = [
    ...inspectText(path, 'path').map((sign): Located => ['path', undefined, sign]),
    ...querySigns(query, queryParams),
    ...headerSigns(request).map(([name, sign]): Located => ['header', `header ${name}`, sign]),
    ...(body === undefined ? [] : bodySigns(body, bodyParams)),
    ...knownHoleSigns(request.uri ?? '').map((sign): Located => ['path', undefined, sign]),
    ...webShellSigns(endpoint, [...queryParams, ...bodyParams], body).map(({ parameter, ...sign }): Located => ['query', parameter, sign]),
  ];
  return strongestOf(
    located.map(([place, parameter, sign]) => ({ ...sign, endpoint, place, ...(parameter !== undefined && { parameter }) })),
  );
}

const order = ['exploit', 'attack', 'probe'];
const strongestOf = (signs: readonly RequestSign[]): readonly RequestSign[] =>
  signs
    .toSorted((a, b) => order.indexOf(a.strength) - order.indexOf(b.strength) || (a.callback ? 0 : 1) - (b.callback ? 0 : 1))
    .slice(0, 8);
