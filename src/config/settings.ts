// Every key of the configuration in one table: the loader, the JSON Schema and `vedette config explain` are made from it.
import { nearest } from '../base/suggestion.ts';
import { channelSchema } from './notify-settings.ts';

/** What a value must look like, in the words of JSON Schema. */
export interface ValueSchema {
  readonly type: 'string' | 'array' | 'object' | 'number' | 'integer' | 'boolean';
  readonly enum?: readonly string[];
  readonly items?: ValueSchema;
  readonly additionalProperties?: ValueSchema | false;
  /** Named keys of an object; others are errors. */
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** One key. */
export interface Setting {
  readonly key: string;
  readonly doc: string;
  readonly schema: ValueSchema;
  /** As it may stand in the file. */
  readonly example: string;
  /** What applies without the key. */
  readonly standard: string;
}

const cidrs: ValueSchema = { type: 'array', items: { type: 'string' } };
const ports: ValueSchema = { type: 'array', items: { type: 'integer', minimum: 1, maximum: 65_535 } };

export const settings: readonly Setting[] = [
  {
    key: 'local',
    doc: 'Addresses that are ours, besides private ranges (CIDRs or single addresses).',
    schema: cidrs,
    example: 'local: [203.0.113.0/24, "2001:db8:1::/48"]',
    standard: 'none',
  },
  {
    key: 'known',
    doc: 'Ends that you vouch for, by label: shown and set aside, not accused.',
    schema: { type: 'object', additionalProperties: cidrs },
    example: 'known: {jump host: [198.51.100.7], monitoring: [198.51.100.16/28]}',
    standard: 'none',
  },
  {
    key: 'tune',
    doc: 'Changed thresholds, by detector and name; docs/reference/detectors.md lists them.',
    schema: { type: 'object', additionalProperties: { type: 'object', additionalProperties: { type: 'number' } } },
    example: 'tune: {D02-port-scan: {ports: 50}}',
    standard: 'the values of each detector',
  },
  {
    key: 'language',
    doc: 'Language of reports and summaries.',
    schema: { type: 'string', enum: ['en', 'nb'] },
    example: 'language: nb',
    standard: 'en',
  },
  {
    key: 'format',
    doc: 'Format of the logs that are written.',
    schema: { type: 'string', enum: ['tsv', 'json'] },
    example: 'format: json',
    standard: 'tsv',
  },
  {
    key: 'cloud',
    doc: 'Name of your cloud in clouds.yaml. --cloud and OS_CLOUD win over it.',
    schema: { type: 'string' },
    example: 'cloud: my-cloud',
    standard: 'the only cloud of clouds.yaml, or what OS_* variables describe',
  },
  { key: 'vxlanPorts', doc: 'UDP ports of VXLAN.', schema: ports, example: 'vxlanPorts: [4789, 8472]', standard: '[4789]' },
  {
    key: 'notify',
    doc: 'Channels for vedette case notify, by name. Secrets are never here: *Env names an environment variable, *File a file. See docs/guides/evidence.md.',
    schema: { type: 'object', additionalProperties: channelSchema },
    example: 'notify: {team: {type: smtp, host: mail.example.org, from: vedette@example.org, to: [soc@example.org]}}',
    standard: 'none',
  },
  {
    key: 'notifications',
    doc: 'Message broker (RabbitMQ) of your cloud, for vedette inventory sync --every: amqp(s)://USER:PASSWORD@HOST:PORT/VHOST, or $NAME of an environment variable that holds it. See docs/guides/inventory.md.',
    schema: { type: 'string' },
    example: 'notifications: $VEDETTE_BROKER_URL',
    standard: 'none: the inventory is polled only',
  },
  { key: 'genevePorts', doc: 'UDP ports of Geneve.', schema: ports, example: 'genevePorts: [6081]', standard: '[6081]' },
];

/** The published JSON Schema (2020-12) of a configuration file. */
export const configSchema = (): Readonly<Record<string, unknown>> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Vedette configuration',
  type: 'object',
  properties: Object.fromEntries(
    settings.map(({ key, doc, schema, example }) => [key, { ...schema, description: doc, examples: [example] }]),
  ),
  additionalProperties: false,
});

/** The key that was probably meant; undefined when none is near. */
export const suggestion = (key: string): string | undefined =>
  nearest(
    key,
    settings.map((setting) => setting.key),
  );

/** What is wrong with a value, at which place; undefined when nothing is. */
export function problemOf(value: unknown, schema: ValueSchema, at: string): string | undefined {
  switch (schema.type) {
    case 'array':
      if (!Array.isArray(value)) return `${at} must be a list`;
      return firstProblem(
        value.map((one, i) => [one, `${at}[${i}]`]),
        schema.items,
      );
    case 'object':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} must be a map`;
      if (schema.properties !== undefined) return fieldProblem(value as Readonly<Record<string, unknown>>, schema, schema.properties, at);
      return firstProblem(
        Object.entries(value).map(([key, one]) => [one, `${at}.${key}`]),
        schema.additionalProperties || undefined,
      );
    case 'string':
      if (typeof value !== 'string') return `${at} must be a text`;
      return schema.enum?.includes(value) === false ? `${at} must be one of ${schema.enum.join(', ')}` : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${at} must be true or false`;
    case 'integer':
    case 'number':
      return numberProblem(value, schema, at);
  }
}

/** An object with named keys. */
function fieldProblem(
  value: Readonly<Record<string, unknown>>,
  { required = [] }: ValueSchema,
  properties: Readonly<Record<string, ValueSchema>>,
  at: string,
): string | undefined {
  for (const [key, one] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known === undefined) return `${at}: unknown key "${key}"; it may have ${Object.keys(properties).join(', ')}`;
    const problem = problemOf(one, known, `${at}.${key}`);
    if (problem !== undefined) return problem;
  }
  const missing = required.find((key) => !Object.hasOwn(value, key));
  return missing === undefined ? undefined : `${at} needs ${missing}`;
}

function firstProblem(entries: readonly (readonly [value: unknown, at: string])[], schema: ValueSchema | undefined): string | undefined {
  if (schema === undefined) return undefined;
  for (const [value, at] of entries) {
    const problem = problemOf(value, schema, at);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function numberProblem(value: unknown, { type, minimum = -Infinity, maximum = Infinity }: ValueSchema, at: string): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || (type === 'integer' && !Number.isInteger(value))) {
    return `${at} must be a ${type === 'integer' ? 'whole ' : ''}number`;
  }
  return value < minimum || value > maximum ? `${at} must be from ${minimum} to ${maximum}` : undefined;
}
