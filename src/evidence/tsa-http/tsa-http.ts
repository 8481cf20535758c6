// A time stamp authority over HTTP (RFC 3161 §3.4).
import { VedetteError } from '../../base/errors.ts';
import type { StampAuthority } from '../time-stamp.ts';

const maxBytes = 1 << 20;

/** Host of a URL, for sentences: path and query may hold a password. */
const shown = (url: string): string => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};

async function bodyOf(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > maxBytes) throw new Error('the answer is too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Asks the authority at a URL. @throws {VedetteError} `time-stamp-failed` */
export function httpStampAuthority(url: string, { timeoutMs = 15_000 } = {}): StampAuthority {
  return async (request) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
        body: Buffer.from(request),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return await bodyOf(response);
    } catch (cause) {
      const inner = (cause as { cause?: { code?: string } }).cause?.code;
      throw new VedetteError('time-stamp-failed', { url: shown(url), reason: inner ?? (cause as Error).message }, { cause });
    }
  };
}
