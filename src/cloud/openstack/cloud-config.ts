// What is known of a cloud before it is asked: where Keystone is, who we are, what to connect to. From the words of clouds.yaml.
import { VedetteError } from '../../base/errors.ts';
import { Secret } from '../redactor.ts';
import { asObject, type JsonObject, optionalNumber, optionalText, text } from './json.ts';

/** A user, project or domain as Keystone wants it: by id, or by name within a domain. */
export interface Named {
  readonly id?: string;
  readonly name?: string;
  readonly domain?: { readonly id: string } | { readonly name: string };
}

/** How we prove who we are. */
export type Credentials =
  | { readonly method: 'password'; readonly user: Named; readonly password: Secret }
  | { readonly method: 'token'; readonly token: Secret }
  | { readonly method: 'application_credential'; readonly credential: Named; readonly user?: Named; readonly secret: Secret };

/** What the token is to be good for. Application credentials carry theirs. */
export type Scope =
  | { readonly kind: 'project'; readonly project: Named }
  | { readonly kind: 'domain'; readonly domain: { readonly id: string } | { readonly name: string } }
  | { readonly kind: 'system' }
  | { readonly kind: 'none' };

export const interfaces = ['public', 'internal', 'admin'] as const;

/** One cloud of clouds.yaml, checked. */
export interface CloudConfig {
  readonly name: string;
  /** Without a slash at its end, with `/v3`. */
  readonly authUrl: string;
  readonly credentials: Credentials;
  readonly scope: Scope;
  readonly region?: string;
  readonly interface: (typeof interfaces)[number];
  readonly verify: boolean;
  /** Paths of PEM files. */
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly timeoutMs?: number;
  /** URLs in place of those of the catalogue, by type of service. */
  readonly endpointOverrides: ReadonlyMap<string, string>;
}

const invalid = (cloud: string, problem: string): VedetteError => new VedetteError('cloud-config', { cloud, problem });

function authUrlOf(cloud: string, auth: JsonObject): string {
  const url = optionalText(auth, 'auth_url');
  if (url === undefined) throw invalid(cloud, 'auth_url is missing (vendor profiles are not read: write the URL itself)');
  if (!/^https?:\/\/\S+$/.test(url) || !URL.canParse(url))
    throw invalid(cloud, `auth_url is not an http or https URL: ${url.replace(/\/\/[^/]*@/, '//')}`);
  const plain = url.replace(/\/+$/, '').replace(/\/v2\.0$/, '');
  return plain.endsWith('/v3') ? plain : `${plain}/v3`;
}

/** The domain of a user or project: its own, the default one that the file names, or Keystone's `default`. */
function domainOf(auth: JsonObject, prefix: string): { readonly id: string } | { readonly name: string } {
  const id = optionalText(auth, `${prefix}_domain_id`);
  const name = optionalText(auth, `${prefix}_domain_name`);
  if (id !== undefined) return { id };
  if (name !== undefined) return { name };
  const defaultName = optionalText(auth, 'default_domain_name') ?? optionalText(auth, 'default_domain');
  return defaultName === undefined ? { id: optionalText(auth, 'default_domain_id') ?? 'default' } : { name: defaultName };
}

function named(auth: JsonObject, id: string | undefined, name: string | undefined, prefix: string): Named | undefined {
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name, domain: domainOf(auth, prefix) };
}

const userOf = (auth: JsonObject): Named | undefined =>
  named(auth, optionalText(auth, 'user_id'), optionalText(auth, 'username') ?? optionalText(auth, 'user_name'), 'user');

/** `auth_type`, or what the given keys speak for. */
function methodOf(cloud: string, auth: JsonObject, authType: string | undefined): Credentials['method'] {
  switch (authType?.toLowerCase()) {
    case undefined:
      if (optionalText(auth, 'application_credential_secret') !== undefined) return 'application_credential';
      return optionalText(auth, 'token') === undefined ? 'password' : 'token';
    case 'password':
    case 'v3password':
      return 'password';
    case 'token':
    case 'v3token':
      return 'token';
    case 'v3applicationcredential':
      return 'application_credential';
    default:
      throw invalid(cloud, `auth_type ${authType} is not known; use password, token or v3applicationcredential`);
  }
}

function secretOf(cloud: string, auth: JsonObject, key: string): Secret {
  const value = optionalText(auth, key);
  if (value === undefined) throw invalid(cloud, `${key} is missing (clouds.yaml, secure.yaml or OS_${key.toUpperCase()})`);
  return new Secret(value);
}

function credentialsOf(cloud: string, auth: JsonObject, authType: string | undefined): Credentials {
  const user = userOf(auth);
  switch (methodOf(cloud, auth, authType)) {
    case 'password':
      if (user === undefined) throw invalid(cloud, 'username or user_id is missing');
      return { method: 'password', user, password: secretOf(cloud, auth, 'password') };
    case 'token':
      return { method: 'token', token: secretOf(cloud, auth, 'token') };
    case 'application_credential': {
      const id = optionalText(auth, 'application_credential_id');
      const name = optionalText(auth, 'application_credential_name');
      if (id === undefined && (name === undefined || user === undefined)) {
        throw invalid(cloud, 'application_credential_id is missing (or its name together with a user)');
      }
      return {
        method: 'application_credential',
        credential: id === undefined ? { name: name ?? '' } : { id },
        ...(id === undefined && user !== undefined && { user }),
        secret: secretOf(cloud, auth, 'application_credential_secret'),
      };
    }
  }
}

function scopeOf(auth: JsonObject): Scope {
  if (optionalText(auth, 'system_scope') !== undefined) return { kind: 'system' };
  const id = optionalText(auth, 'project_id') ?? optionalText(auth, 'tenant_id');
  const name = optionalText(auth, 'project_name') ?? optionalText(auth, 'tenant_name');
  const project = named(auth, id, name, 'project');
  if (project !== undefined) return { kind: 'project', project };
  const domainId = optionalText(auth, 'domain_id');
  const domainName = optionalText(auth, 'domain_name');
  if (domainId !== undefined) return { kind: 'domain', domain: { id: domainId } };
  return domainName === undefined ? { kind: 'none' } : { kind: 'domain', domain: { name: domainName } };
}

function interfaceOf(cloud: string, raw: JsonObject): CloudConfig['interface'] {
  const word = (optionalText(raw, 'interface') ?? optionalText(raw, 'endpoint_type') ?? 'public').replace(/URL$/, '');
  const known = interfaces.find((one) => one === word);
  if (known === undefined) throw invalid(cloud, `interface is ${word}; it must be public, internal or admin`);
  return known;
}

/** `region_name`, or the first of `regions` (names, or maps with a name). */
function regionOf(raw: JsonObject): string | undefined {
  const [first] = Array.isArray(raw['regions']) ? (raw['regions'] as unknown[]) : [];
  return optionalText(raw, 'region_name') ?? (typeof first === 'string' ? first : optionalText(asObject(first), 'name'));
}

const isTrue = (value: unknown): boolean => value === true || /^(?:true|yes|on|1)$/i.test(String(value));
const isFalse = (value: unknown): boolean => value === false || /^(?:false|no|off|0)$/i.test(String(value));

/** `compute_endpoint_override: URL`, and so on; services are written with underscores there. */
function overridesOf(raw: JsonObject): ReadonlyMap<string, string> {
  const found = Object.entries(raw).flatMap(([key, value]) => {
    const service = /^(\w+)_endpoint(?:_override)?$/.exec(key)?.[1];
    return service === undefined || typeof value !== 'string' ? [] : [[service.replaceAll('_', '-'), value] as const];
  });
  return new Map(found);
}

/**
 * Checks one cloud's map of clouds.yaml. As openstacksdk does, keys of `auth` may also stand beside it.
 * @throws {VedetteError} `cloud-config`
 */
export function cloudConfigOf(name: string, raw: JsonObject): CloudConfig {
  const auth = { ...raw, ...asObject(raw['auth']) };
  const timeout = optionalNumber(raw, 'api_timeout');
  const paths = (['cacert', 'cert', 'key'] as const).filter((key) => text(raw, key) !== '').map((key) => [key, text(raw, key)]);
  const region = regionOf(raw);
  return {
    name,
    authUrl: authUrlOf(name, auth),
    credentials: credentialsOf(name, auth, optionalText(raw, 'auth_type')),
    scope: scopeOf(auth),
    ...(region !== undefined && { region }),
    interface: interfaceOf(name, raw),
    verify: !(isFalse(raw['verify']) || isTrue(raw['insecure'])),
    ...Object.fromEntries(paths),
    ...(timeout !== undefined && timeout > 0 && { timeoutMs: timeout * 1000 }),
    endpointOverrides: overridesOf(raw),
  };
}
