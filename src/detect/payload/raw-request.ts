// A request as the first bytes of a connection show it: for connections of which only one direction was seen.
import { decodeBackslash } from './decode-text.ts';
import type { RequestFacts } from './inspect-request.ts';

const requestLine = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|SEARCH|DEBUG|TRACK) (\S{1,8192}) HTTP\/\d(?:\.\d)?\s/;

export interface RawRequest extends RequestFacts {
  readonly method: string;
  readonly uri: string;
}

/** Methods may be told before anything is decoded. */
const methodFirst = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|SEARCH|DEBUG|TRACK) /;

/** Several detectors ask about the same text, one after the other: the last answer is kept. */
let asked: { readonly head: string; readonly request: RawRequest | undefined } | undefined;

/** The request at the start of `head` (printable, line ends escaped as `\x0d\x0a`); undefined when it is none. */
export function requestIn(head: string): RawRequest | undefined {
  if (!methodFirst.test(head)) return undefined;
  if (asked?.head !== head) asked = { head, request: parse(head) };
  return asked.request;
}

function parse(head: string): RawRequest | undefined {
  const lines = decodeBackslash(head).split(/\r?\n/);
  const match = requestLine.exec(`${lines[0] ?? ''} `);
  if (match === null) return undefined;
  const [, method = '', uri = ''] = match;
  const end = lines.indexOf('');
  const headers = lines.slice(1, end < 0 ? undefined : end).filter((line) => line.includes(':'));
  const headerNamed = (name: string): string | undefined =>
    headers
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const [agent, host] = [headerNamed('user-agent'), headerNamed('host')];
  return {
    method,
    uri,
    request_headers: headers.slice(0, 16),
    ...(agent !== undefined && { user_agent: agent }),
    ...(host !== undefined && { host }),
    ...(end >= 0 && end + 1 < lines.length && { post_body: lines.slice(end + 1).join('\n') }),
  };
}
