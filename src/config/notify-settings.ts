// Channels of notification: what the configuration may say of each type, and what it must.
import type { ValueSchema } from './settings.ts';

export const channelTypes = ['smtp', 'webhook', 'slack', 'syslog'] as const;

/** One channel as the file has it; which keys belong together depends on the type. */
export interface ChannelSettings {
  readonly type: (typeof channelTypes)[number];
  readonly host?: string;
  readonly port?: number;
  /** smtp: standard starttls. */
  readonly security?: 'tls' | 'starttls' | 'none';
  readonly from?: string;
  readonly to?: readonly string[];
  readonly user?: string;
  readonly passwordEnv?: string;
  readonly passwordFile?: string;
  readonly url?: string;
  readonly urlEnv?: string;
  readonly urlFile?: string;
  readonly secretEnv?: string;
  readonly secretFile?: string;
  /** syslog: standard udp. */
  readonly transport?: 'udp' | 'tcp' | 'tls';
  /** syslog: standard rfc5424. */
  readonly format?: 'rfc5424' | 'cef';
  readonly facility?: string;
  /** PEM file with the certificates to trust. */
  readonly caFile?: string;
  readonly timeoutSeconds?: number;
  readonly attempts?: number;
}

const text: ValueSchema = { type: 'string' };

/** All keys that some type of channel has. */
export const channelSchema: ValueSchema = {
  type: 'object',
  required: ['type'],
  properties: {
    type: { type: 'string', enum: channelTypes },
    host: text,
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    security: { type: 'string', enum: ['tls', 'starttls', 'none'] },
    from: text,
    to: { type: 'array', items: text },
    ...{ user: text, passwordEnv: text, passwordFile: text, url: text, urlEnv: text, urlFile: text, secretEnv: text, secretFile: text },
    transport: { type: 'string', enum: ['udp', 'tcp', 'tls'] },
    format: { type: 'string', enum: ['rfc5424', 'cef'] },
    facility: { type: 'string', enum: ['user', 'daemon', 'auth', ...Array.from({ length: 8 }, (_, i) => `local${i}`)] },
    caFile: text,
    timeoutSeconds: { type: 'number', minimum: 1, maximum: 120 },
    attempts: { type: 'integer', minimum: 1, maximum: 10 },
  },
};

const always = ['type', 'timeoutSeconds'];
const allowed: Readonly<Record<ChannelSettings['type'], readonly string[]>> = {
  smtp: ['host', 'port', 'security', 'from', 'to', 'user', 'passwordEnv', 'passwordFile', 'caFile'],
  webhook: ['url', 'urlEnv', 'urlFile', 'secretEnv', 'secretFile', 'attempts'],
  slack: ['urlEnv', 'urlFile', 'attempts'],
  syslog: ['host', 'port', 'transport', 'format', 'facility', 'caFile'],
};

/** One mailbox, without a name: `soc@example.org`. Nothing in it can end a header or begin another address. */
const isMailbox = (address: string): boolean => /^[^\s<>()[\]\\,;:@"\p{C}]{1,64}@[^\s<>()[\]\\,;:@"\p{C}]{1,255}$/u.test(address);

const oneOf = (channel: ChannelSettings, ...keys: readonly (keyof ChannelSettings)[]): number =>
  keys.filter((key) => channel[key] !== undefined).length;

function smtpProblem({ host, from, to = [], user, ...rest }: ChannelSettings): string | undefined {
  if (host === undefined) return 'needs host';
  if (from === undefined || !isMailbox(from)) return 'needs from, one mailbox such as vedette@example.org';
  if (to.length === 0) return 'needs to, a list of mailboxes';
  const bad = to.find((address) => !isMailbox(address));
  if (bad !== undefined) return `has "${bad}" in to, which is not a mailbox`;
  if ((user === undefined) !== (oneOf({ ...rest }, 'passwordEnv', 'passwordFile') === 0))
    return 'needs user together with passwordEnv or passwordFile';
  return user !== undefined && rest.security === 'none' ? 'would send its password in the clear; use security tls or starttls' : undefined;
}

/** What is wrong with a channel whose keys are right one by one; a phrase after its name. */
export function channelProblem(channel: ChannelSettings): string | undefined {
  const { type } = channel;
  const stranger = Object.keys(channel).find((key) => !always.includes(key) && !allowed[type].includes(key));
  if (stranger !== undefined) return `of type ${type} has no key ${stranger}; it may have ${allowed[type].join(', ')}`;
  if (oneOf(channel, 'passwordEnv', 'passwordFile') > 1 || oneOf(channel, 'secretEnv', 'secretFile') > 1) return 'names a secret twice';
  switch (type) {
    case 'smtp':
      return smtpProblem(channel);
    case 'webhook':
      return oneOf(channel, 'url', 'urlEnv', 'urlFile') === 1 ? undefined : 'needs one of url, urlEnv, urlFile';
    case 'slack':
      return oneOf(channel, 'urlEnv', 'urlFile') === 1 ? undefined : 'needs urlEnv or urlFile: the URL is a secret';
    case 'syslog':
      return channel.host === undefined ? 'needs host' : undefined;
  }
}
