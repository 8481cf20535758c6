// clouds.yaml and secure.yaml, found and merged as openstacksdk does, and the cloud that OS_* variables describe.
// https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html; vendor profiles are not read.
import { join } from 'node:path';
import { parse } from 'yaml';
import { VedetteError } from '../../base/errors.ts';
import { type CloudConfig, cloudConfigOf } from './cloud-config.ts';
import { asObject, type JsonObject } from './json.ts';

/** What of the machine decides which cloud is meant. */
export interface ConfigHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly homeDirectory: string;
  /** Text of a file; undefined when there is none. Throws when it may not be read. */
  readText(path: string): string | undefined;
}

/** Name of the cloud that OS_* variables describe. */
const environmentCloud = 'envvars';

/** OS_* variables that say where to look, not what is there. */
const notOfACloud = new Set(['OS_CLOUD', 'OS_CLIENT_CONFIG_FILE', 'OS_CLIENT_SECURE_FILE', 'OS_CLIENT_VENDOR_FILE']);

interface FoundFile {
  readonly path: string;
  readonly clouds: JsonObject;
}

/** Files of a name in the order of precedence; the first that exists is the only one. */
function candidates(host: ConfigHost, name: 'clouds' | 'secure'): readonly string[] {
  const explicit = host.env[name === 'clouds' ? 'OS_CLIENT_CONFIG_FILE' : 'OS_CLIENT_SECURE_FILE'];
  const config = host.env['XDG_CONFIG_HOME'] || join(host.homeDirectory, '.config');
  const folders = [host.workingDirectory, join(config, 'openstack'), '/etc/openstack'];
  const found = folders.flatMap((folder) => ['yaml', 'yml', 'json'].map((ending) => join(folder, `${name}.${ending}`)));
  return explicit ? [explicit, ...found] : found;
}

function read(host: ConfigHost, path: string): FoundFile | undefined {
  try {
    const text = host.readText(path);
    if (text === undefined) return undefined;
    return { path, clouds: asObject(asObject(parse(text, { maxAliasCount: 50 }))['clouds']) };
  } catch (error) {
    // A parser's message would quote the line, and with it perhaps a password.
    const { code, linePos } = error as { code?: string; linePos?: readonly { line: number }[] };
    const where = linePos?.[0] === undefined ? '' : `, line ${linePos[0].line}`;
    throw new VedetteError('cloud-config', { cloud: path, problem: `cannot be read (${code ?? 'not YAML'}${where})` });
  }
}

function firstFile(host: ConfigHost, name: 'clouds' | 'secure'): FoundFile | undefined {
  const paths = candidates(host, name);
  for (const path of paths) {
    const file = read(host, path);
    if (file !== undefined) return file;
    if (path === host.env['OS_CLIENT_CONFIG_FILE'])
      throw new VedetteError('cloud-config', { cloud: path, problem: 'there is no such file' });
  }
  return undefined;
}

/** Maps merged in depth; values of `over` win. */
function merged(under: JsonObject, over: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    const bothMaps = typeof value === 'object' && value !== null && !Array.isArray(value) && typeof below === 'object' && below !== null;
    result[key] = bothMaps ? merged(asObject(below), asObject(value)) : value;
  }
  return result;
}

/** OS_AUTH_URL → auth_url, and so on. undefined when no variable says where a cloud is: single ones are left over. */
function fromEnvironment({ env }: ConfigHost): JsonObject | undefined {
  if (!env['OS_AUTH_URL']) return undefined;
  const given = Object.entries(env).filter(([name, value]) => name.startsWith('OS_') && !notOfACloud.has(name) && value);
  return Object.fromEntries(given.map(([name, value]) => [name.slice(3).toLowerCase(), value]));
}

/** Every cloud there is, by name. */
function cloudsOf(host: ConfigHost): Readonly<Record<string, JsonObject>> {
  const files = firstFile(host, 'clouds');
  const secrets = firstFile(host, 'secure');
  const environment = fromEnvironment(host);
  const clouds = merged(files?.clouds ?? {}, secrets?.clouds ?? {});
  const all = Object.entries(clouds).map(([name, cloud]) => [name, asObject(cloud)] as const);
  return Object.fromEntries(environment === undefined ? all : [...all, [environmentCloud, environment]]);
}

/** As openstacksdk chooses: OS_CLOUD, the cloud of the environment, the only one of the file. Ours: `configured` comes after OS_CLOUD. */
function chosenName(host: ConfigHost, configured: string | undefined, names: readonly string[]): string {
  const named = host.env['OS_CLOUD'] || configured;
  if (named) return named;
  const [only] = names;
  if (names.includes(environmentCloud)) return environmentCloud;
  if (names.length === 1 && only !== undefined) return only;
  const problem = names.length === 0 ? 'no clouds.yaml and no OS_AUTH_URL was found' : `name one with --cloud: ${names.join(', ')}`;
  throw new VedetteError('cloud-config', { cloud: 'no cloud is chosen', problem });
}

/**
 * The settings of a cloud.
 * @param asked the name on the command line; it wins over everything
 * @param configured the name in vedette.yaml; OS_CLOUD wins over it
 * @throws {VedetteError} `cloud-config`
 */
export function readCloudConfig(host: ConfigHost, asked?: string, configured?: string): CloudConfig {
  const clouds = cloudsOf(host);
  const names = Object.keys(clouds);
  const name = asked ?? chosenName(host, configured, names);
  const cloud = clouds[name];
  if (cloud === undefined) {
    const known = names.length === 0 ? 'no clouds.yaml was found' : `clouds.yaml has ${names.join(', ')}`;
    throw new VedetteError('cloud-config', { cloud: name, problem: `there is no cloud of this name (${known})` });
  }
  return cloudConfigOf(name, cloud);
}
