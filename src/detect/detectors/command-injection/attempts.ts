// What one client sent one server, gathered: endpoints, families, answers, the ends that the payloads name. Bounded.
import type { HttpRecord } from '../../../model/records/http.ts';
import type { RequestSign } from '../../payload/inspect-request.ts';
import type { Callback, PayloadFamily, Strength } from '../../payload/sign.ts';
import { commandOutputIn } from '../../payload/web-shells.ts';

const maxEndpoints = 50;
const maxSamples = 10;
const maxUids = 100;
const maxCallbacks = 50;

/** One page and parameter that was attacked. */
export interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly parameter: string | undefined;
  readonly port: number;
  readonly techniques: Set<string>;
  readonly statuses: Map<number, number>;
  /** First payload as it was meant to be read, and the steps to get there. */
  readonly payload: string;
  readonly steps: readonly string[];
  count: number;
  leastBytes: number;
  mostBytes: number;
}

/** Where and when something was sent, in whatever protocol. */
export interface Sighting {
  readonly ts: number;
  readonly uid: string;
  readonly port: number;
  readonly method: string;
  readonly status: number | undefined;
  readonly responseBytes: number;
  readonly answer: string | undefined;
  readonly forwardedFor: readonly string[];
}

export const strengths: readonly Strength[] = ['probe', 'attack', 'exploit'];

/** Addresses that proxies say they speak for (`X-FORWARDED-FOR -> …`). */
const forwardedIn = (proxied: readonly string[] | undefined): string[] =>
  (proxied ?? [])
    .flatMap((entry) => /^(?:X-FORWARDED-FOR|FORWARDED|CLIENT-IP) -> (?:for=)?"?\[?([0-9a-fA-F.:]{3,45})/.exec(entry)?.[1] ?? [])
    .slice(0, 5);

export const sightingOf = (row: HttpRecord): Sighting => ({
  ts: row.ts,
  uid: row.uid,
  port: row['id.resp_p'],
  method: row.method ?? '-',
  status: row.status_code,
  responseBytes: row.response_body_len,
  answer: row.resp_snippet,
  forwardedFor: forwardedIn(row.proxied),
});

/** Text of an end: `203.0.113.9:3000`, `[2001:db8::1]:80`, `host.example`. */
export const endText = ({ host, port }: Callback): string => {
  const name = host.includes(':') && port !== undefined ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
};

/** Everything that one client tried on one server. */
export class Attempts {
  readonly endpoints = new Map<string, Endpoint>();
  readonly families = new Map<PayloadFamily, number>();
  readonly techniques = new Map<string, number>();
  readonly callbacks = new Map<string, Callback>();
  readonly payloads = new Set<string>();
  readonly uids: string[] = [];
  readonly forwardedFor = new Set<string>();
  readonly ports = new Set<number>();
  strongest: Strength = 'probe';
  requests = 0;
  firstAt = Number.POSITIVE_INFINITY;
  lastAt = Number.NEGATIVE_INFINITY;
  /** Requests to endpoints beyond the bound. */
  unlisted = 0;
  /** Output of a command in an answer. */
  output: string | undefined;

  /** `signs` are those of one request, gravest first; at least one. */
  add(signs: readonly RequestSign[], seen: Sighting): void {
    this.requests++;
    this.firstAt = Math.min(this.firstAt, seen.ts);
    this.lastAt = Math.max(this.lastAt, seen.ts);
    if (this.uids.length < maxUids && this.uids.at(-1) !== seen.uid) this.uids.push(seen.uid);
    if (this.ports.size < maxSamples) this.ports.add(seen.port);
    for (const address of seen.forwardedFor) if (this.forwardedFor.size < maxSamples) this.forwardedFor.add(address);
    this.output ??= commandOutputIn(seen.answer);
    for (const family of new Set(signs.map((sign) => sign.family))) this.families.set(family, (this.families.get(family) ?? 0) + 1);
    for (const sign of signs) this.#addSign(sign);
    this.#addEndpoint(signs, seen);
  }

  /** Endpoints, the most attacked first. */
  get ranked(): readonly Endpoint[] {
    return [...this.endpoints.values()].sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
  }

  #addSign(sign: RequestSign): void {
    if (strengths.indexOf(sign.strength) > strengths.indexOf(this.strongest)) this.strongest = sign.strength;
    if (this.techniques.size < maxEndpoints || this.techniques.has(sign.technique)) {
      this.techniques.set(sign.technique, (this.techniques.get(sign.technique) ?? 0) + 1);
    }
    if (sign.callback !== undefined && this.callbacks.size < maxCallbacks) {
      this.callbacks.set(`${endText(sign.callback)}|${sign.callback.kind}`, sign.callback);
    }
    if (this.payloads.size < maxSamples) this.payloads.add(sign.decodedSnippet);
  }

  #addEndpoint(signs: readonly RequestSign[], seen: Sighting): void {
    const [first] = signs;
    if (first === undefined) return;
    const key = `${seen.method}|${first.endpoint}|${first.parameter ?? ''}|${seen.port}`;
    const endpoint = this.endpoints.get(key) ?? this.#newEndpoint(key, first, seen);
    if (endpoint === undefined) return;
    endpoint.count++;
    for (const { technique } of signs) endpoint.techniques.add(technique);
    if (seen.status === undefined) return;
    endpoint.statuses.set(seen.status, (endpoint.statuses.get(seen.status) ?? 0) + 1);
    endpoint.leastBytes = Math.min(endpoint.leastBytes, seen.responseBytes);
    endpoint.mostBytes = Math.max(endpoint.mostBytes, seen.responseBytes);
  }

  #newEndpoint(key: string, first: RequestSign, seen: Sighting): Endpoint | undefined {
    if (this.endpoints.size >= maxEndpoints) {
      this.unlisted++;
      return undefined;
    }
    const endpoint: Endpoint = {
      method: seen.method,
      path: first.endpoint,
      parameter: first.parameter,
      port: seen.port,
      techniques: new Set(),
      statuses: new Map(),
      payload: first.decodedSnippet,
      steps: first.steps,
      count: 0,
      leastBytes: Number.POSITIVE_INFINITY,
      mostBytes: 0,
    };
    this.endpoints.set(key, endpoint);
    return endpoint;
  }
}
