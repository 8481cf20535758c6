// Which calls are repeated, and when. Pure. A call that may already have been done is repeated only when doing it twice is harmless.

/** Limits of repeating. */
export interface RetryLimits {
  /** Attempts in all. */
  readonly attempts: number;
  /** First pause; it doubles each time. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** A server that asks for a longer pause is not waited for. */
  readonly longestRetryAfterMs: number;
}

export const standardLimits: RetryLimits = { attempts: 4, firstPauseMs: 500, longestPauseMs: 8_000, longestRetryAfterMs: 30_000 };

/** Answers that a repetition may better. */
const passing = new Set([429, 502, 503, 504]);
/** Answers that say that nothing was done. */
const notDone = new Set([429, 503]);

/** Whether an answer of this status is worth asking again. */
export const repeatStatus = (status: number, idempotent: boolean): boolean => (idempotent ? passing : notDone).has(status);

/** What became of a request that got no answer. */
export type Failure =
  /** It never left: the connection was not made. */
  | 'not-sent'
  /** It may have been done. */
  | 'perhaps-done'
  /** It will fail again: a name that does not exist, a certificate that is not trusted. */
  | 'hopeless';

const notSent = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'EADDRNOTAVAIL']);
const hopeless = /^(?:ENOTFOUND|CERT_|ERR_TLS|ERR_SSL|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|ERR_INVALID|UND_ERR_INVALID_ARG|HOSTNAME_)/;

/** What an error of the HTTP client means for its request, by its code. */
export function failureOf(code: string): Failure {
  if (notSent.has(code)) return 'not-sent';
  return hopeless.test(code) ? 'hopeless' : 'perhaps-done';
}

/** Whether the request may be repeated after it failed without an answer. */
export const repeatFailure = (failure: Failure, idempotent: boolean): boolean =>
  failure === 'not-sent' || (failure === 'perhaps-done' && idempotent);

/** Milliseconds that a Retry-After header asks for (seconds or an HTTP date, RFC 9110 §10.2.3); undefined when it says nothing. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/**
 * How long to wait before attempt `attempt + 1`; undefined when it is not worth it. Exponential with full jitter over its upper
 * half, so that sensors that failed together do not come back together; never shorter than the server asks for.
 */
export function pauseMs(attempt: number, random: number, retryAfter: number | undefined, limits: RetryLimits): number | undefined {
  if (attempt >= limits.attempts) return undefined;
  const step = Math.min(limits.longestPauseMs, limits.firstPauseMs * 2 ** (attempt - 1));
  const own = step / 2 + (step / 2) * random;
  if (retryAfter === undefined) return own;
  return retryAfter > limits.longestRetryAfterMs ? undefined : Math.max(own, retryAfter);
}
