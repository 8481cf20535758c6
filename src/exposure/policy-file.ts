// The policy as a person writes it (YAML) → checked values. A key that is misspelt is an error: it must not open a port in silence.
import { parse } from 'yaml';
import { VedetteError } from '../base/errors.ts';
import { type Cidr, parseCidr } from '../base/ip.ts';
import type { AllowRule, Policy } from './policy.ts';
import { standardPolicy } from './policy.ts';
import { parsePorts } from './port-list.ts';
import { type RiskClass, standardRiskClasses } from './risk-classes.ts';

type Fields = Readonly<Record<string, unknown>>;
type Ports = { readonly tcp: readonly number[]; readonly udp: readonly number[] };

const keys = {
  policy: ['standardPorts', 'allow', 'riskClasses', 'exclude', 'contacts'],
  allow: ['ports', 'project', 'machine', 'tag', 'address', 'reason', 'expires'],
  riskClass: ['ports', 'why'],
  exclude: ['address', 'reason'],
};

/** A policy with every key, as `vedette exposure policy --example` prints it. */
export const examplePolicy = `# TCP ports that every machine may show. Standard: 22, 80, 443.
standardPorts: [22, 80, 443]

# Ports that somebody stands for. Without project, machine, tag or address: everywhere. Expired ones are reported again.
allow:
  - {ports: [8443], project: acme, reason: API of the shop, expires: 2027-06-30}
  - {ports: [udp/53, tcp/53], tag: dns, reason: public name servers}
  - {ports: [8000-8010], machine: bastion, reason: training, expires: 2027-01-31}

# Classes of services that are dangerous to show: changed by name, added, or switched off with false.
riskClasses:
  database: {ports: [1433, 3306, 5432, 27017], why: holds data}
  industrial control: false

# Never scanned.
exclude:
  - {address: 203.0.113.66, reason: asked for by its owner on 2026-10-02}

# Who gets the mail of a project. A project's tags (contact:name@example.org) count, too.
contacts:
  acme: [ops@acme.example]
`;

class PolicyReader {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  read(values: Fields): Policy {
    this.#known(values, keys.policy, '');
    const { standardPorts, allow, riskClasses, exclude, contacts } = values;
    return {
      source: this.#path,
      standardPorts: standardPorts === undefined ? standardPolicy.standardPorts : this.#ports(standardPorts, 'standardPorts').tcp,
      allow: this.#list(allow, 'allow').map((one, i) => this.#allow(this.#fields(one, `allow[${i}]`), `allow[${i}]`)),
      riskClasses: this.#classes(riskClasses === undefined ? {} : this.#fields(riskClasses, 'riskClasses')),
      exclude: this.#list(exclude, 'exclude').map((one, i) => this.#exclude(one, `exclude[${i}]`)),
      contacts: Object.fromEntries(
        Object.entries(contacts === undefined ? {} : this.#fields(contacts, 'contacts')).map(([project, list]) => [
          project,
          this.#list(typeof list === 'string' ? [list] : list, `contacts.${project}`).map((one) => this.#mail(one, `contacts.${project}`)),
        ]),
      ),
    };
  }

  fail(problem: string, cause?: unknown): never {
    throw new VedetteError('policy-invalid', { path: this.#path, problem }, { cause });
  }

  #allow(fields: Fields, at: string): AllowRule {
    this.#known(fields, keys.allow, at);
    const reason = this.#text(fields['reason'], `${at}.reason`);
    if (reason === undefined) this.fail(`${at} has no reason`);
    const text = (key: string): string | undefined => this.#text(fields[key], `${at}.${key}`);
    const [project, machine, tag, address] = [text('project'), text('machine'), text('tag'), text('address')];
    const expires = this.#date(fields['expires'], `${at}.expires`);
    return {
      ...this.#ports(fields['ports'], `${at}.ports`),
      ...(project !== undefined && { project }),
      ...(machine !== undefined && { machine }),
      ...(tag !== undefined && { tag }),
      ...(address !== undefined && { address: this.#range(address, `${at}.address`) }),
      reason,
      ...(expires !== undefined && { expires }),
    };
  }

  #classes(changed: Fields): RiskClass[] {
    const classes = new Map(standardRiskClasses.map((one) => [one.name, one]));
    for (const [name, value] of Object.entries(changed)) {
      const at = `riskClasses.${name}`;
      if (value === false) {
        classes.delete(name);
        continue;
      }
      const fields = this.#fields(value, at);
      this.#known(fields, keys.riskClass, at);
      const why = this.#text(fields['why'], `${at}.why`) ?? classes.get(name)?.why ?? 'by the policy';
      classes.set(name, { name, ...this.#ports(fields['ports'], `${at}.ports`), why });
    }
    return [...classes.values()];
  }

  #exclude(value: unknown, at: string): Policy['exclude'][number] {
    if (typeof value === 'string') return { address: value, reason: '' };
    const fields = this.#fields(value, at);
    this.#known(fields, keys.exclude, at);
    const address = this.#text(fields['address'], `${at}.address`);
    return { address: address ?? this.fail(`${at} has no address`), reason: this.#text(fields['reason'], `${at}.reason`) ?? '' };
  }

  /** `8080`, `8000-8010`, `tcp/22`, `udp/53`; alone or in a list. */
  #ports(value: unknown, at: string): Ports {
    if (value === undefined || value === null) this.fail(`${at} is missing`);
    const texts = this.#list(typeof value === 'object' ? value : [value], at).map(String);
    const of = (protocol: 'tcp' | 'udp'): readonly number[] => {
      const chosen = texts.filter((text) => text.startsWith('udp/') === (protocol === 'udp'));
      try {
        return parsePorts(chosen.map((text) => text.replace(/^(?:tcp|udp)\//, '')).join(','));
      } catch (cause) {
        return this.fail(`${at}: ${(cause as Error).message}`, cause);
      }
    };
    return { tcp: of('tcp'), udp: of('udp') };
  }

  #known(fields: Fields, allowed: readonly string[], at: string): void {
    const strange = Object.keys(fields).find((key) => !allowed.includes(key));
    if (strange !== undefined) this.fail(`unknown key "${strange}"${at === '' ? '' : ` in ${at}`}, known are ${allowed.join(', ')}`);
  }

  #fields(value: unknown, at: string): Fields {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : this.fail(`${at} must be a map`);
  }

  #list(value: unknown, at: string): readonly unknown[] {
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : this.fail(`${at} must be a list`);
  }

  #text(value: unknown, at: string): string | undefined {
    if (value === undefined) return undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : this.fail(`${at} must be a text`);
  }

  #date(value: unknown, at: string): string | undefined {
    const text = this.#text(value, at);
    if (text !== undefined && !isDate(text)) this.fail(`${at}: "${text}" is no date such as 2027-06-30`);
    return text;
  }

  #range(text: string, at: string): Cidr {
    return parseCidr(text) ?? this.fail(`${at}: "${text}" is no address or CIDR`);
  }

  #mail(value: unknown, at: string): string {
    const text = this.#text(value, at) ?? '';
    return isMailAddress(text) ? text : this.fail(`${at}: "${text}" is no mail address`);
  }
}

/** `2027-06-30`, and such a day exists. */
export const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/** One at, something on both sides, nothing that could end a header line or add a recipient. */
export const isMailAddress = (text: string): boolean => /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(text);

/** @throws {VedetteError} `policy-invalid` */
export function parsePolicy(path: string, text: string): Policy {
  const reader = new PolicyReader(path);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 50, prettyErrors: true }) ?? {};
  } catch (cause) {
    reader.fail(`is not YAML (${String((cause as Error).message).split('\n')[0] ?? ''})`, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) reader.fail('must be a map of keys');
  return reader.read(value as Fields);
}
