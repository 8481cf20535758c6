// Refusals of OpenStack's services as ours. Each service has its own way of writing an error. Pure.
import { type ErrorCode, VedetteError } from '../../base/errors.ts';
import type { HttpAnswer } from '../http.ts';
import { asObject, optionalText, text } from './json.ts';

/** Enough for a sentence. */
const longestReason = 300;

/** `{"NeutronError":{"message"}}`, `{"forbidden":{"message"}}`, `{"error":{"message"}}`, `{"faultstring"}`, or a page of HTML. */
function messageIn(body: unknown, raw: string): string {
  const top = asObject(body);
  const inner = Object.values(top).find((value) => typeof value === 'object' && value !== null);
  const message =
    optionalText(asObject(inner), 'message') ??
    optionalText(top, 'faultstring') ??
    optionalText(top, 'message') ??
    optionalText(top, 'NeutronError');
  if (message !== undefined) return message;
  return raw.replace(/<(?:head|title)>[\s\S]*?<\/(?:head|title)>/gi, ' ').replace(/<[^>]*>/g, ' ');
}

/** Name of Neutron's exception; it says more than its status. */
const typeIn = (body: unknown): string => text(asObject(asObject(body)['NeutronError']), 'type');

function codeOf(status: number, type: string, message: string): ErrorCode {
  const isQuota =
    status === 413 ||
    /OverQuota|QuotaExceeded|OverLimit/i.test(type) ||
    /quota exceeded|exceeded for resources|exceeds? .*quota/i.test(message);
  if (isQuota && [403, 409, 413].includes(status)) return 'cloud-quota';
  switch (status) {
    case 401:
      return 'cloud-auth';
    case 403:
      return 'cloud-forbidden';
    case 404:
      return 'cloud-unknown-item';
    case 409:
    case 412:
      return 'cloud-conflict';
    default:
      return 'cloud-failed';
  }
}

/** Provider's id of a request. */
export const requestIdOf = (headers: HttpAnswer['headers']): string | undefined =>
  headers['x-openstack-request-id'] ?? headers['x-compute-request-id'];

/** The error that an answer stands for. `redact` takes out what servers echo. */
export function refusalOf(
  answer: HttpAnswer,
  { cloud, what, redact }: { readonly cloud: string; readonly what: string; readonly redact: (text: string) => string },
): VedetteError {
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    body = undefined;
  }
  const message = redact(messageIn(body, answer.text)).replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, longestReason);
  const request = requestIdOf(answer.headers) ?? 'unknown';
  const reason = `HTTP ${answer.status}${message === '' ? '' : `: ${message}`}`;
  return new VedetteError(codeOf(answer.status, typeIn(body), message), {
    cloud,
    what,
    reason,
    request,
    status: answer.status,
    attempts: answer.attempts,
  });
}

/** Whether something thrown is an error of this code. */
export const isRefusal = (error: unknown, ...codes: readonly ErrorCode[]): boolean =>
  error instanceof VedetteError && codes.includes(error.code);
