// A configuration file (YAML) → checked values. Unknown keys are errors: a threshold that is misspelt must not be a silent default.
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { VedetteError } from '../base/errors.ts';
import { type Cidr, parseCidr } from '../base/ip.ts';
import { type ChannelSettings, channelProblem } from './notify-settings.ts';
import { problemOf, settings, suggestion } from './settings.ts';

/** Where the configuration is when nobody says. */
export const standardPath = '/etc/vedette/vedette.yaml';

/** What a file said; absent keys are absent. */
export interface Config {
  readonly local?: readonly Cidr[];
  readonly known?: readonly { readonly label: string; readonly range: Cidr }[];
  readonly tune?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly language?: 'en' | 'nb';
  readonly format?: 'tsv' | 'json';
  /** Name in clouds.yaml. */
  readonly cloud?: string;
  readonly vxlanPorts?: readonly number[];
  readonly genevePorts?: readonly number[];
  readonly notify?: Readonly<Record<string, ChannelSettings>>;
  /** URL of a message broker, or `$NAME` of an environment variable that holds it. A secret: never shown. */
  readonly notifications?: string;
}

const invalid = (path: string, problem: string, cause?: unknown): VedetteError =>
  new VedetteError('config-invalid', { path, problem }, { cause });

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VedetteError(code === 'ENOENT' ? 'input-missing' : 'input-unreadable', { path, reason: code }, { cause });
  }
}

function parsed(path: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    // Few aliases: a file that expands itself without end is refused.
    value = parse(text, { maxAliasCount: 50, prettyErrors: true }) ?? {};
  } catch (cause) {
    throw invalid(path, `is not YAML (${String((cause as Error).message).split('\n')[0] ?? ''})`, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(path, 'must be a map of keys');
  return value as Readonly<Record<string, unknown>>;
}

function check(path: string, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    const setting = settings.find((one) => one.key === key);
    const meant = suggestion(key);
    if (setting === undefined) throw invalid(path, `unknown key "${key}"${meant === undefined ? '' : `, did you mean "${meant}"?`}`);
    const problem = problemOf(value, setting.schema, key);
    if (problem !== undefined) throw invalid(path, problem);
  }
}

function rangeOf(path: string, key: string, text: string): Cidr {
  const range = parseCidr(text);
  if (range === undefined) throw invalid(path, `${key}: "${text}" is not an address or CIDR`);
  return range;
}

/**
 * Reads a configuration; without a path the standard one, if it is there.
 * @throws {VedetteError} `input-missing`, `input-unreadable`, `config-invalid`
 */
export function loadConfig(path?: string): Config {
  if (path === undefined && !existsSync(standardPath)) return {};
  const source = path ?? standardPath;
  const values = parsed(source, read(source));
  check(source, values);
  for (const [name, channel] of Object.entries((values['notify'] ?? {}) as Record<string, ChannelSettings>)) {
    const problem = channelProblem(channel);
    if (problem !== undefined) throw invalid(source, `notify.${name} ${problem}`);
  }
  const { notifications } = values as Pick<Config, 'notifications'>;
  if (notifications !== undefined && !/^(?:\$\w+$|amqps?:\/\/)/.test(notifications)) {
    throw invalid(source, 'notifications must be amqp://…, amqps://…, or $NAME of an environment variable');
  }
  const { local, known, ...rest } = values as Omit<Config, 'local' | 'known'> & { local?: string[]; known?: Record<string, string[]> };
  return {
    ...rest,
    ...(local !== undefined && { local: local.map((text) => rangeOf(source, 'local', text)) }),
    ...(known !== undefined && {
      known: Object.entries(known).flatMap(([label, ranges]) =>
        ranges.map((text) => ({ label, range: rangeOf(source, `known.${label}`, text) })),
      ),
    }),
  };
}
