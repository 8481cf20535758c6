// A generic webhook: JSON, signed. The receiver computes HMAC-SHA256 over `timestamp.body` with the shared secret and compares it with
// the header, refuses old timestamps, and knows repeated deliveries by the id.
import { createHmac } from 'node:crypto';
import type { Notification } from '../../model/notification.ts';
import { post } from '../http-post.ts';
import type { Notifier, Secret, Wait } from '../notifier.ts';

export interface WebhookOptions {
  readonly channel: string;
  readonly url: Secret;
  /** Shared secret; unsigned without. */
  readonly secret?: Secret;
  readonly timeoutMs?: number;
  readonly attempts?: number;
}

/** `v1=` and hexadecimal HMAC-SHA256 over `timestamp.body`. */
export const webhookSignature = (secret: string, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

/** The body: the notification as it is, in JSON. */
export const webhookBody = (notification: Notification): string => JSON.stringify({ schema: 1, event: 'case', ...notification });

/** Sends to a webhook. */
export function webhookNotifier(options: WebhookOptions, now: () => Date, wait: Wait): Notifier {
  const { channel, timeoutMs = 10_000, attempts = 3 } = options;
  return {
    async send(notification) {
      const [url, secret] = [await options.url(), await options.secret?.()];
      const body = webhookBody(notification);
      const request = (): { headers: Record<string, string>; body: string } => {
        const timestamp = String(Math.floor(now().getTime() / 1000));
        const headers = {
          ...{ 'content-type': 'application/json; charset=utf-8', 'user-agent': 'vedette' },
          ...{ 'vedette-id': notification.id, 'vedette-timestamp': timestamp },
          ...(secret !== undefined && { 'vedette-signature': webhookSignature(secret, timestamp, body) }),
        };
        return { headers, body };
      };
      await post({ channel, url, request, timeoutMs, attempts, wait });
    },
  };
}
