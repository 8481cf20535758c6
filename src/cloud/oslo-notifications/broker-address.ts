// Where the broker is, and who we are there: from the configuration's text, or the environment variable that it names.
import { VedetteError } from '../../base/errors.ts';
import { Secret } from '../redactor.ts';

/** Control exchanges of services that have what an inventory lists; `openstack` is oslo.messaging's own standard. */
const standardExchanges = ['nova', 'neutron', 'glance', 'keystone', 'octavia', 'openstack'];

/** Nova's notifications of today have a topic of their own. */
const standardTopics = ['notifications', 'versioned_notifications'];

/** More than any cloud has. */
const maxNames = 32;

export interface BrokerAddress {
  readonly protocol: 'amqp' | 'amqps';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly vhost: string;
  readonly exchanges: readonly string[];
  readonly topics: readonly string[];
}

const invalid = (problem: string): VedetteError => new VedetteError('notifications-invalid', { problem });

/** The address as people may see it. */
export const shownAddress = ({ protocol, host, port }: BrokerAddress): string =>
  `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The text behind `$NAME`. */
function resolved(text: string, env: Readonly<Record<string, string | undefined>>): string {
  if (!text.startsWith('$')) return text;
  const value = env[text.slice(1)];
  if (value === undefined || value === '') throw invalid(`the environment has no ${text.slice(1)}`);
  return value;
}

function decoded(part: string, what: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid(`the ${what} is not percent-encoded`);
  }
}

function namesOf(list: string | null, standard: readonly string[], what: string): readonly string[] {
  const names = (list ?? '').split(',').filter((name) => name !== '');
  if (names.length > maxNames || names.some((name) => name.length > 127)) throw invalid(`too many or too long ${what}`);
  return names.length === 0 ? standard : names;
}

/** @throws {VedetteError} `notifications-invalid`, which never holds what was given: there is a password in it */
export function brokerAddress(text: string, env: Readonly<Record<string, string | undefined>>): BrokerAddress {
  const url = URL.parse(resolved(text.trim(), env));
  if (url === null || !/^amqps?:$/.test(url.protocol) || url.hostname === '') {
    throw invalid('the address is not amqp://USER:PASSWORD@HOST:PORT/VHOST');
  }
  const protocol = url.protocol === 'amqps:' ? 'amqps' : 'amqp';
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? { amqp: 5672, amqps: 5671 }[protocol] : Number(url.port),
    user: url.username === '' ? 'guest' : decoded(url.username, 'user'),
    password: new Secret(url.username === '' ? 'guest' : decoded(url.password, 'password')),
    vhost: decoded(url.pathname.slice(1), 'vhost') || '/',
    exchanges: namesOf(url.searchParams.get('exchanges'), standardExchanges, 'exchanges'),
    topics: namesOf(url.searchParams.get('topics'), standardTopics, 'topics'),
  };
}
