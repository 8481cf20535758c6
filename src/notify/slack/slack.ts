// Slack's incoming webhooks: one message of text. Their URL is a secret.
import type { Notification } from '../../model/notification.ts';
import { post } from '../http-post.ts';
import { messageLines, plain, subjectOf } from '../message-text.ts';
import type { Notifier, Secret, Wait } from '../notifier.ts';

export interface SlackOptions {
  readonly channel: string;
  readonly url: Secret;
  readonly timeoutMs?: number;
  readonly attempts?: number;
}

/** Longest text of a section block. */
const maxText = 2900;
const maxFindings = 8;

/** `&`, `<` and `>` begin links, mentions (`<!channel>`) and entities; nothing else does. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The message. Blocks of `plain_text` show no mark-up at all. */
export function slackBody(notification: Notification): string {
  const text = messageLines(notification, maxFindings).join('\n').slice(0, maxText);
  return JSON.stringify({
    text: escaped(subjectOf(notification)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: plain(subjectOf(notification), 150), emoji: false } },
      { type: 'section', text: { type: 'plain_text', text, emoji: false } },
    ],
  });
}

/** Sends to Slack. */
export function slackNotifier({ channel, url, timeoutMs = 10_000, attempts = 3 }: SlackOptions, wait: Wait): Notifier {
  return {
    async send(notification) {
      const body = slackBody(notification);
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      await post({ channel, url: await url(), request: () => ({ headers, body }), timeoutMs, attempts, wait });
    },
  };
}
