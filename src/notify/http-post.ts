// POST with a time-out, and again with growing pauses where that can help. What HTTP channels share.
import { VedetteError } from '../base/errors.ts';
import type { Wait } from './notifier.ts';

export interface HttpPost {
  /** Name of the channel, for errors. */
  readonly channel: string;
  readonly url: string;
  /** Made anew for each attempt, because a signature holds the time. */
  request(): { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly wait: Wait;
}

const firstPauseMs = 500;
const maxPauseMs = 30_000;

/** What may be better next time: too many requests, a server's own trouble. */
const isWorthRetrying = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** One attempt. @returns the reason of a failure, and whether to try again, and after how long where the server says */
async function attempt({ url, request, timeoutMs }: HttpPost): Promise<{ reason: string; again: boolean; afterMs?: number } | undefined> {
  try {
    const { headers, body } = request();
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    await response.body?.cancel();
    if (response.ok) return undefined;
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      ...{ reason: `HTTP ${response.status}`, again: isWorthRetrying(response.status) },
      ...(seconds >= 0 && { afterMs: Math.min(maxPauseMs, seconds * 1000) }),
    };
  } catch (error) {
    // The message of fetch may hold the URL, which may hold a secret: only codes are told.
    const { code, message } = (error as { cause?: { code?: string; message?: string } }).cause ?? {};
    // The fetch standard (§2.9) keeps ports of other protocols closed.
    if (message === 'bad port') return { reason: 'this port is not for HTTP', again: false };
    const isLate = (error as Error).name === 'TimeoutError';
    return { reason: isLate ? `no answer within ${timeoutMs / 1000} s` : (code ?? 'no connection'), again: true };
  }
}

/** Posts until it is taken. @throws {VedetteError} `notify-failed` */
export async function post(job: HttpPost): Promise<void> {
  let pause = firstPauseMs;
  for (let i = 1; ; i++) {
    const failure = await attempt(job);
    if (failure === undefined) return;
    if (!failure.again || i >= job.attempts) throw new VedetteError('notify-failed', { channel: job.channel, reason: failure.reason });
    await job.wait(failure.afterMs ?? pause);
    pause = Math.min(maxPauseMs, pause * 2);
  }
}
