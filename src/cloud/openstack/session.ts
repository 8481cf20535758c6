// Keeps a valid token: gets one at the first need, a new one before it ends and when a service no longer takes it.
import { VedetteError } from '../../base/errors.ts';
import type { HttpClient } from '../http.ts';
import type { Redactor } from '../redactor.ts';
import type { CloudRuntime } from '../runtime.ts';
import { refusalOf } from './api-errors.ts';
import type { CloudConfig, Credentials } from './cloud-config.ts';
import { type Grant, grantOf, tokenRequest } from './grant.ts';

/** A token is renewed this long before its end, or at nine tenths of a short life. */
const marginMs = 120_000;

/** The session of one user in one cloud. */
export class Session {
  readonly #config: CloudConfig;
  readonly #http: HttpClient;
  readonly #redactor: Redactor;
  readonly #runtime: CloudRuntime;
  #grant: Grant | undefined;
  #renewAtMs = 0;
  /** The one request under way; those who come meanwhile wait for it. */
  #pending: Promise<Grant> | undefined;

  constructor(config: CloudConfig, { http, redactor, runtime }: { http: HttpClient; redactor: Redactor; runtime: CloudRuntime }) {
    this.#config = config;
    this.#http = http;
    this.#redactor = redactor;
    this.#runtime = runtime;
    redactor.add(secretOf(config.credentials));
  }

  /** The token in force. @throws {VedetteError} `cloud-auth`, `cloud-expired`, `cloud-unreachable`, `cloud-failed`, `cloud-config` */
  async grant(): Promise<Grant> {
    const current = this.#grant;
    return current !== undefined && this.#runtime.nowMs() < this.#renewAtMs ? current : this.#renew();
  }

  /** The token to use in place of `refused`, which a service did not take; asks Keystone unless somebody did already. */
  async replace(refused: Grant): Promise<Grant> {
    const current = this.#grant;
    return current !== undefined && current !== refused ? current : this.#renew();
  }

  #renew(): Promise<Grant> {
    this.#pending ??= this.#authenticate().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #authenticate(): Promise<Grant> {
    const { name: cloud, authUrl } = this.#config;
    const askedAt = this.#runtime.nowMs();
    const answer = await this.#http.send({
      method: 'POST',
      url: `${authUrl}/auth/tokens`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(tokenRequest(this.#config)),
      // Two tokens are as good as one.
      idempotent: true,
    });
    const token = answer.headers['x-subject-token'];
    if (token !== undefined) this.#redactor.add(token);
    if (answer.status !== 201 && answer.status !== 200) throw this.#refusal(answer);
    const grant = grantOf(token, bodyOf(answer.text), askedAt);
    if (grant === undefined)
      throw new VedetteError('cloud-config', { cloud, problem: `auth_url ${authUrl} does not answer as Keystone v3 does` });
    this.#grant = grant;
    const lifetime = grant.expiresAtMs - askedAt;
    this.#renewAtMs = askedAt + Math.max(lifetime - marginMs, lifetime * 0.9);
    return grant;
  }

  #refusal(answer: Awaited<ReturnType<HttpClient['send']>>): VedetteError {
    const { name: cloud, authUrl, credentials } = this.#config;
    const error = refusalOf(answer, { cloud, what: 'authentication', redact: (text) => this.#redactor.redact(text) });
    if (answer.status === 404)
      return new VedetteError('cloud-config', { cloud, problem: `auth_url ${authUrl} is not Keystone v3 (HTTP 404)` });
    if (answer.status < 400 || answer.status >= 500 || answer.status === 429) return error;
    const renewing = this.#grant !== undefined && credentials.method === 'token';
    return new VedetteError(renewing ? 'cloud-expired' : 'cloud-auth', { ...error.details });
  }
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function secretOf(credentials: Credentials): string {
  switch (credentials.method) {
    case 'password':
      return credentials.password.reveal();
    case 'token':
      return credentials.token.reveal();
    case 'application_credential':
      return credentials.secret.reveal();
  }
}
