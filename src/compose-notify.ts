// Part of the composition root: channels of notification from their settings.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { VedetteError } from './base/errors.ts';
import type { ChannelSettings } from './config/notify-settings.ts';
import type { Mailer } from './notify/mailer.ts';
import type { Notifier, Secret, Wait } from './notify/notifier.ts';
import { slackNotifier } from './notify/slack/slack.ts';
import { type SmtpOptions, smtpMailer, smtpNotifier } from './notify/smtp/smtp.ts';
import type { Facility } from './notify/syslog/rfc5424.ts';
import { syslogNotifier } from './notify/syslog/syslog.ts';
import { webhookNotifier } from './notify/webhook/webhook.ts';

const invalid = (channel: string, problem: string, cause?: unknown): VedetteError =>
  new VedetteError('channel-invalid', { channel, problem }, { cause });

/** A secret of the environment or of a file, without the line end that editors leave. */
function secretOf(channel: string, variable: string | undefined, file: string | undefined): Secret | undefined {
  if (variable !== undefined) {
    return async () => {
      const value = process.env[variable];
      if (value === undefined || value === '') throw invalid(channel, `the environment has no ${variable}`);
      return value;
    };
  }
  if (file === undefined) return undefined;
  return async () => {
    try {
      const value = (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
      if (value !== '') return value;
    } catch (cause) {
      throw invalid(channel, `${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, cause);
    }
    throw invalid(channel, `${file} is empty`);
  };
}

/** A URL that may be a secret. */
const urlOf =
  (channel: string, read: Secret): Secret =>
  async () => {
    const text = await read();
    const url = URL.parse(text);
    if (url === null || !/^https?:$/.test(url.protocol)) throw invalid(channel, 'its URL is not an http or https URL');
    return text;
  };

function certificates(channel: string, file: string | undefined): { readonly ca?: string } {
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw invalid(channel, `${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, cause);
  }
}

const wait: Wait = (milliseconds) => sleep(milliseconds);

/** Settings of one channel with its secrets, which are read once now: a channel that cannot work is told before anything is sent. */
interface Channel {
  readonly channel: string;
  readonly settings: ChannelSettings;
  readonly timeout: { readonly timeoutMs?: number };
  readonly version: string;
  readonly now: () => Date;
}

async function smtpOptions({ channel, settings, timeout }: Omit<Channel, 'version' | 'now'>): Promise<SmtpOptions> {
  const { host = '', security = 'starttls', from = '', to = [], user, passwordEnv, passwordFile, caFile } = settings;
  const port = settings.port ?? { tls: 465, starttls: 587, none: 25 }[security];
  const password = secretOf(channel, passwordEnv, passwordFile);
  await password?.();
  const login = { ...(user !== undefined && { user }), ...(password !== undefined && { password }) };
  return { channel, host, port, security, from, to, ...login, ...certificates(channel, caFile), ...timeout };
}

/** The URL of a channel, in the file or a secret. */
async function readableUrl({ channel, settings: { url: plain = '', urlEnv, urlFile } }: Channel): Promise<Secret> {
  const url = urlOf(channel, secretOf(channel, urlEnv, urlFile) ?? (async () => plain));
  await url();
  return url;
}

async function webhook(one: Channel): Promise<Notifier> {
  const { channel, settings, timeout, now } = one;
  const { secretEnv, secretFile, attempts } = settings;
  const secret = secretOf(channel, secretEnv, secretFile);
  await secret?.();
  const url = await readableUrl(one);
  return webhookNotifier({ channel, url, ...(secret && { secret }), ...(attempts !== undefined && { attempts }), ...timeout }, now, wait);
}

async function slack(one: Channel): Promise<Notifier> {
  const { channel, settings, timeout } = one;
  const { attempts } = settings;
  return slackNotifier({ channel, url: await readableUrl(one), ...(attempts !== undefined && { attempts }), ...timeout }, wait);
}

function syslog({ channel, settings, timeout, version }: Channel): Notifier {
  const { host = '', transport = 'udp', format = 'rfc5424', caFile } = settings;
  const facility = (settings.facility ?? 'local0') as Facility;
  const port = settings.port ?? (transport === 'tls' ? 6514 : 514);
  const options = { channel, host, port, transport, format, facility, ...certificates(channel, caFile), ...timeout };
  return syslogNotifier(options, { version, hostname: hostname() });
}

const timeoutOf = ({ timeoutSeconds }: ChannelSettings): Channel['timeout'] =>
  timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 };

/** The mailer of a channel, which must be of type smtp. @throws {VedetteError} `channel-unknown`, `channel-invalid` */
export async function composeMailer(channel: string, channels: Readonly<Record<string, ChannelSettings>>): Promise<Mailer> {
  const settings = Object.hasOwn(channels, channel) ? channels[channel] : undefined;
  if (settings === undefined) throw new VedetteError('channel-unknown', { channel, known: Object.keys(channels).join(', ') || 'none' });
  if (settings.type !== 'smtp') throw invalid(channel, `sends no mail, it is of type ${settings.type}`);
  return smtpMailer(await smtpOptions({ channel, settings, timeout: timeoutOf(settings) }), hostname());
}

/** The channel of these settings, which are checked. @throws {VedetteError} `channel-invalid` */
export async function composeNotifier(channel: string, settings: ChannelSettings, version: string, now: () => Date): Promise<Notifier> {
  const one: Channel = { channel, settings, version, now, timeout: timeoutOf(settings) };
  switch (settings.type) {
    case 'smtp':
      return smtpNotifier(await smtpOptions(one), hostname());
    case 'webhook':
      return webhook(one);
    case 'slack':
      return slack(one);
    case 'syslog':
      return syslog(one);
  }
}
