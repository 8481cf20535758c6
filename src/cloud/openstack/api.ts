// Calls to OpenStack's services: the right URL, a valid token, the version agreed on, answers as JSON, refusals as our errors.
import { VedetteError } from '../../base/errors.ts';
import type { WireCall } from '../cloud.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http.ts';
import type { Redactor } from '../redactor.ts';
import { refusalOf, requestIdOf } from './api-errors.ts';
import { type ServiceType, serviceRoot } from './catalog.ts';
import type { CloudConfig } from './cloud-config.ts';
import type { Grant } from './grant.ts';
import { asObject, type JsonObject, objects, text } from './json.ts';
import { chosenMicroversion, microversionHeaders, type OfferedVersions, offeredVersions } from './microversions.ts';
import type { Session } from './session.ts';

/** Values of a query; lists repeat their key, as Neutron's filters do. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** One call. */
export interface ApiRequest {
  readonly service: ServiceType;
  readonly method: HttpRequest['method'];
  /** Below the root of the service; made by `path`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What it is about, for errors: `port 3b…`. */
  readonly what: string;
  readonly idempotent?: boolean;
  readonly signal?: AbortSignal;
}

export interface ApiAnswer {
  readonly body: JsonObject;
  readonly headers: HttpAnswer['headers'];
  readonly requestId: string | undefined;
  /** More than 1: it may have been done before. */
  readonly attempts: number;
}

/** A path of fixed words and foreign ids, which cannot leave their place: no id, `.` and `..` would name something else. */
export const path = (words: readonly string[], ...ids: readonly string[]): string =>
  String.raw({ raw: words }, ...ids.map((id) => encodeURIComponent(/^\.{0,2}$/.test(id) ? `${id}?` : id)));

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value])
      if (one !== undefined) parameters.append(key, String(one));
  }
  const shown = parameters.toString();
  return shown === '' ? '' : `?${shown}`;
}

/** What the API needs. */
export interface ApiParts {
  readonly config: CloudConfig;
  readonly session: Session;
  readonly http: HttpClient;
  readonly redactor: Redactor;
}

/** All services of one cloud. */
export class OpenStackApi {
  readonly cloud: string;
  readonly #config: CloudConfig;
  readonly #session: Session;
  readonly #http: HttpClient;
  readonly #redactor: Redactor;
  #offered: Promise<OfferedVersions | undefined> | undefined;
  #extensions: Promise<ReadonlySet<string>> | undefined;

  constructor({ config, session, http, redactor }: ApiParts) {
    this.cloud = config.name;
    this.#config = config;
    this.#session = session;
    this.#http = http;
    this.#redactor = redactor;
  }

  /** Who we are; logs in when need be. */
  grant(): Promise<Grant> {
    return this.#session.grant();
  }

  /** Root URL of a service, undefined when the cloud has none. */
  async rootOf(service: ServiceType): Promise<string | undefined> {
    return serviceRoot(service, (await this.grant()).endpoints, this.#config);
  }

  /** @throws {VedetteError} by the status of the answer; see api-errors.ts */
  async call(request: ApiRequest): Promise<ApiAnswer> {
    const answer = await this.#authorized(request);
    if (answer.status < 200 || answer.status >= 300) throw this.#refusal(answer, request.what);
    const body = answer.text === '' ? {} : this.#parse(answer, request.what);
    return { body: asObject(body), headers: answer.headers, requestId: requestIdOf(answer.headers), attempts: answer.attempts };
  }

  /** A GET; resolves to its body. */
  async get(service: ServiceType, where: string, what: string, query: Query = {}, signal?: AbortSignal): Promise<JsonObject> {
    return (await this.call({ service, method: 'GET', path: where, what, query, ...(signal && { signal }) })).body;
  }

  /** How a call goes over the wire, without the token. */
  async wire(request: ApiRequest): Promise<WireCall> {
    const { method, body } = request;
    return { method, url: await this.#url(request), headers: await this.#headers(request), ...(body !== undefined && { body }) };
  }

  /** Nova's versions; asked for once. */
  offeredMicroversions(): Promise<OfferedVersions | undefined> {
    this.#offered ??= this.#askVersions().catch((error: unknown) => {
      this.#offered = undefined;
      throw error;
    });
    return this.#offered;
  }

  /** The version of Nova that is spoken. */
  async microversion(): Promise<string | undefined> {
    return chosenMicroversion(await this.offeredMicroversions());
  }

  /** Whether Neutron has an extension, by its alias; asked for once. */
  async hasExtension(alias: string): Promise<boolean> {
    this.#extensions ??= this.get('network', '/extensions', 'the list of network extensions').then(
      (body) => new Set(objects(body['extensions']).map((extension) => text(extension, 'alias'))),
      (error: unknown) => {
        this.#extensions = undefined;
        throw error;
      },
    );
    return (await this.#extensions).has(alias);
  }

  /** An error of this cloud for an answer that makes no sense. */
  malformed(what: string, reason: string, request = 'unknown'): VedetteError {
    return new VedetteError('cloud-failed', { cloud: this.cloud, what, reason, request });
  }

  async #askVersions(): Promise<OfferedVersions | undefined> {
    const root = await this.rootOf('compute');
    if (root === undefined) return undefined;
    // Old catalogues end in the project's id; the version document lies above it.
    const url = `${root.replace(/(\/v2(?:\.\d+)?)\/.*$/, '$1')}/`;
    const answer = await this.#sendWithToken({ method: 'GET', url });
    if (answer.status !== 200) throw this.#refusal(answer, 'the version document of compute');
    return offeredVersions(this.#parse(answer, 'the version document of compute'));
  }

  async #url({ service, path: where, query = {} }: ApiRequest): Promise<string> {
    const root = await this.rootOf(service);
    if (root !== undefined) return root + where + queryText(query);
    const { region, interface: kind } = this.#config;
    const place = `${region === undefined ? '' : `region ${region}, `}interface ${kind}`;
    throw new VedetteError('cloud-config', { cloud: this.cloud, problem: `the catalogue has no ${service} service (${place})` });
  }

  async #headers({ service, body, headers }: ApiRequest): Promise<Record<string, string>> {
    return {
      ...(service === 'compute' && microversionHeaders(await this.microversion())),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    };
  }

  async #authorized(request: ApiRequest): Promise<HttpAnswer> {
    const { method, body, idempotent, signal } = request;
    return this.#sendWithToken({
      method,
      url: await this.#url(request),
      headers: await this.#headers(request),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(idempotent !== undefined && { idempotent }),
      ...(signal && { signal }),
    });
  }

  /** A service that does not take the token gets a fresh one, once: it was revoked, or Keystone lost it. */
  async #sendWithToken(request: HttpRequest): Promise<HttpAnswer> {
    const grant = await this.#session.grant();
    const first = await this.#http.send(withToken(request, grant));
    if (first.status !== 401) return first;
    return this.#http.send(withToken(request, await this.#session.replace(grant)));
  }

  #parse(answer: HttpAnswer, what: string): unknown {
    try {
      return JSON.parse(answer.text);
    } catch {
      throw this.malformed(what, 'the answer is not JSON', requestIdOf(answer.headers));
    }
  }

  #refusal(answer: HttpAnswer, what: string): VedetteError {
    return refusalOf(answer, { cloud: this.cloud, what, redact: (shown) => this.#redactor.redact(shown) });
  }
}

const withToken = (request: HttpRequest, grant: Grant): HttpRequest => ({
  ...request,
  headers: { ...request.headers, 'x-auth-token': grant.token.reveal() },
});
