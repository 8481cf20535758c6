// HTTP as cloud adapters need it: bounded in time and size, patient with what passes, and silent about secrets. On undici.
import { Agent, type Dispatcher, request } from 'undici';
import { VedetteError } from '../base/errors.ts';
import type { Redactor } from './redactor.ts';
import { failureOf, pauseMs, type RetryLimits, repeatFailure, repeatStatus, retryAfterMs, standardLimits } from './retry-policy.ts';
import type { CloudRuntime } from './runtime.ts';

/** How one cloud is talked to. */
export interface HttpSettings {
  /** Its name, for errors. */
  readonly cloud: string;
  /** Name and version of this program, as servers log it. */
  readonly userAgent: string;
  /** Certificates (PEM) that are trusted in place of the machine's own. */
  readonly ca?: string;
  /** False: any certificate will do. */
  readonly verify?: boolean;
  /** Our own certificate and its key (PEM). */
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly connectTimeoutMs?: number;
  /** From the request to the last byte of its answer; also how long repeating goes on. */
  readonly timeoutMs?: number;
  readonly maxAnswerBytes?: number;
  readonly retry?: Partial<RetryLimits>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether doing it twice is harmless. Default: everything but POST and PATCH. */
  readonly idempotent?: boolean;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** How often it was sent; more than 1 means that the first may have been done as well. */
  readonly attempts: number;
}

/** The server's clock minus ours, as its Date headers tell. */
export interface ClockOffset {
  readonly offsetMs: number;
  /** Half of what is unknown: a Date has whole seconds, and the answer took its time. */
  readonly errorMs: number;
}

/** Figures of a client. */
export interface HttpCounters {
  requests: number;
  repeated: number;
  receivedBytes: number;
}

const standardTimeoutMs = 120_000;
const standardMaxAnswerBytes = 64 * 1024 * 1024;

/** What happened in one attempt. */
type Outcome = { readonly answer: Omit<HttpAnswer, 'attempts'> } | { readonly error: unknown; readonly code: string };

/** Why there was no answer, as a code. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return 'UNKNOWN';
  if (error.name === 'TimeoutError') return 'ETIMEDOUT';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.name;
}

function headersOf(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** A client for one cloud. Opens nothing before the first request. */
export class HttpClient {
  readonly counters: HttpCounters = { requests: 0, repeated: 0, receivedBytes: 0 };
  readonly #settings: HttpSettings;
  readonly #limits: RetryLimits;
  readonly #redactor: Redactor;
  readonly #runtime: CloudRuntime;
  readonly #agent: Agent;
  #clock: ClockOffset | undefined;

  constructor(settings: HttpSettings, redactor: Redactor, runtime: CloudRuntime) {
    const { ca, verify = true, certificate, connectTimeoutMs = 10_000, timeoutMs = standardTimeoutMs } = settings;
    this.#settings = settings;
    this.#limits = { ...standardLimits, ...settings.retry };
    this.#redactor = redactor;
    this.#runtime = runtime;
    this.#agent = new Agent({
      connect: { timeout: connectTimeoutMs, rejectUnauthorized: verify, ...(ca !== undefined && { ca }), ...certificate },
      connections: 8,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  /** The narrowest offset that answers so far have shown; undefined when none had a date. */
  get clock(): ClockOffset | undefined {
    return this.#clock;
  }

  /**
   * Sends a request, again where that is safe and may help, and reads the whole answer, whatever its status.
   * @throws {VedetteError} `cloud-unreachable`, `cloud-failed` (too large); the signal's reason when it is aborted
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const idempotent = request.idempotent ?? (request.method !== 'POST' && request.method !== 'PATCH');
    const startedAt = this.#runtime.nowMs();
    for (let attempt = 1; ; attempt++) {
      request.signal?.throwIfAborted();
      const outcome = await this.#attempt(request);
      const now = this.#runtime.nowMs();
      const inTime = now - startedAt < (this.#settings.timeoutMs ?? standardTimeoutMs);
      if (inTime && shouldRepeat(outcome, idempotent)) {
        const asked = 'answer' in outcome ? retryAfterMs(outcome.answer.headers['retry-after'], now) : undefined;
        const pause = pauseMs(attempt, this.#runtime.random(), asked, this.#limits);
        if (pause !== undefined) {
          this.counters.repeated++;
          await this.#runtime.sleep(pause, request.signal);
          continue;
        }
      }
      if ('answer' in outcome) return { ...outcome.answer, attempts: attempt };
      throw this.#unreachable(request, outcome, attempt);
    }
  }

  /** Closes idle connections and waits for the others. */
  close(): Promise<void> {
    return this.#agent.close();
  }

  async #attempt({ method, url, headers, body, signal }: HttpRequest): Promise<Outcome> {
    const timeout = AbortSignal.timeout(this.#settings.timeoutMs ?? standardTimeoutMs);
    const sentAt = this.#runtime.nowMs();
    this.counters.requests++;
    try {
      const response = await request(url, {
        method,
        dispatcher: this.#agent,
        headers: { accept: 'application/json', 'user-agent': this.#settings.userAgent, ...headers },
        ...(body !== undefined && { body }),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      const flat = headersOf(response.headers);
      this.#noteClock(flat['date'], sentAt, this.#runtime.nowMs());
      return { answer: { status: response.statusCode, headers: flat, text: await this.#read(response.body, url) } };
    } catch (error) {
      if (error instanceof VedetteError) throw error;
      signal?.throwIfAborted();
      return { error, code: codeOf(error) };
    }
  }

  async #read(body: Dispatcher.ResponseData['body'], url: string): Promise<string> {
    const limit = this.#settings.maxAnswerBytes ?? standardMaxAnswerBytes;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      this.counters.receivedBytes += chunk.length;
      if (size > limit) {
        const { cloud } = this.#settings;
        const reason = `the answer is larger than ${limit} bytes`;
        throw new VedetteError('cloud-failed', { cloud, what: this.#redactor.redact(url), reason, request: 'unknown' });
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size).toString('utf8');
  }

  /** Keeps the sample that says most. The date was written between `sentAt` and `gotAt`, and has lost up to a second. */
  #noteClock(date: string | undefined, sentAt: number, gotAt: number): void {
    const at = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(at)) return;
    const errorMs = (gotAt - sentAt) / 2 + 500;
    if (this.#clock === undefined || errorMs < this.#clock.errorMs) {
      this.#clock = { offsetMs: Math.round(at + 500 - (sentAt + gotAt) / 2), errorMs: Math.round(errorMs) };
    }
  }

  #unreachable(request: HttpRequest, { error, code }: { readonly error: unknown; readonly code: string }, attempts: number): VedetteError {
    const { cloud } = this.#settings;
    const tries = attempts > 1 ? `, ${attempts} attempts` : '';
    const doubt = failureOf(code) === 'perhaps-done' && request.method !== 'GET' ? '; it may have been done' : '';
    const advice = /CERT|SIGNED|UNABLE_TO|ALTNAME/.test(code) ? '; set cacert in clouds.yaml' : '';
    return new VedetteError(
      'cloud-unreachable',
      { cloud, url: this.#redactor.redact(new URL(request.url).origin), reason: `${code}${tries}${doubt}${advice}` },
      { cause: this.#redactor.causeOf(error) },
    );
  }
}

function shouldRepeat(outcome: Outcome, idempotent: boolean): boolean {
  return 'answer' in outcome ? repeatStatus(outcome.answer.status, idempotent) : repeatFailure(failureOf(outcome.code), idempotent);
}
