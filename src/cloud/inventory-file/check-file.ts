// The text of an inventory file → checked plain values, or one error that names the line.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { VedetteError } from '../../base/errors.ts';
import { parseAddress, parseCidr } from '../../base/ip.ts';
import { nearest } from '../../base/suggestion.ts';
import { type Fields, fileFields, type Scalar, type Shape } from './file-shape.ts';

/** Plain values as the shape has them. */
export type Values = Readonly<Record<string, unknown>>;

const macPattern = /^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i;
const segmentPattern = /^(?:(?:vxlan|geneve|gre|vlan):\d+|(?:flat|local)(?::.+)?)$/;
const timePattern = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** What is wrong with a text, by what it should be. */
const scalarProblems: Readonly<Partial<Record<Scalar, (text: string) => string | undefined>>> = {
  address: (text) => (parseAddress(text) === undefined ? 'is not an address' : undefined),
  range: (text) => (parseCidr(text) === undefined ? 'is not an address or CIDR' : undefined),
  cidr: (text) => (parseCidr(text) === undefined || !text.includes('/') ? 'is not a CIDR such as 10.0.1.0/24' : undefined),
  mac: (text) => (macPattern.test(text) ? undefined : 'is not a MAC such as fa:16:3e:00:00:01 (quote it)'),
  segment: (text) => (segmentPattern.test(text) ? undefined : 'is not a segment such as vxlan:11 or vlan:100'),
  time: (text) => (timePattern.test(text) && !Number.isNaN(Date.parse(text)) ? undefined : 'is not a time such as 2026-11-20T08:00:00Z'),
};

/** The error of one place of a file. */
export const invalidAt = (path: string, line: number | undefined, problem: string): VedetteError =>
  new VedetteError('inventory-invalid', { path, problem: `${line === undefined ? '' : `line ${line}: `}${problem}` });

/** Checks one file. */
class Checker {
  /** Line that each record begins in, for what is found wrong later. */
  readonly linesOf = new WeakMap<object, number | undefined>();
  readonly #path: string;
  readonly #lines: LineCounter;

  constructor(path: string, lines: LineCounter) {
    this.#path = path;
    this.#lines = lines;
  }

  fail(node: Node | null | undefined, problem: string): never {
    throw invalidAt(this.#path, this.#line(node), problem);
  }

  value(node: Node | null, shape: Shape, at: string): unknown {
    switch (shape.type) {
      case 'list':
        if (!isSeq(node)) this.fail(node, `${at} must be a list`);
        return node.items.map((item, i) => this.value(item as Node | null, shape.of, `${at}[${i}]`));
      case 'map':
        if (!isMap(node)) this.fail(node, `${at} must be a map of names and values`);
        return Object.fromEntries(
          node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), String(isScalar(value) ? value.value : value)]),
        );
      case 'record':
        if (shape.short !== undefined && isScalar(node))
          return { [shape.short]: this.#scalar(node, shapeOf(shape.fields, shape.short), `${at}.${shape.short}`) };
        return this.record(node, shape.fields, at);
      default:
        return this.#scalar(node, shape, at);
    }
  }

  record(node: Node | null, fields: Fields, at: string): Values {
    const where = at === '' ? 'the file' : at;
    if (!isMap(node)) this.fail(node, `${where} must be a map of keys`);
    const values: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      const name = textOf(key);
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined) this.#unknown(key as Node, name, fields, where);
      if (!isEmpty(value)) values[name] = this.value(value as Node, field.shape, at === '' ? name : `${at}.${name}`);
    }
    const missing = Object.keys(fields).find((name) => fields[name]?.required && values[name] === undefined);
    if (missing !== undefined) this.fail(node, `${where} needs ${missing}`);
    this.linesOf.set(values, this.#line(node));
    return values;
  }

  #unknown(node: Node, name: string, fields: Fields, where: string): never {
    const meant = nearest(name, Object.keys(fields));
    this.fail(node, `unknown key "${name}" in ${where}${meant === undefined ? '' : `, did you mean "${meant}"?`}`);
  }

  #line(node: Node | null | undefined): number | undefined {
    const offset = node?.range?.[0];
    return offset === undefined ? undefined : this.#lines.linePos(offset).line;
  }

  #scalar(node: Node | null, shape: Shape, at: string): unknown {
    if (!isScalar(node)) this.fail(node, `${at} must be a single value`);
    const { value } = node;
    if (shape.type === 'bool') {
      if (typeof value !== 'boolean') this.fail(node, `${at} must be true or false`);
      return value;
    }
    if (shape.type === 'number') {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) this.fail(node, `${at} must be a whole number`);
      return value;
    }
    const text = String(node.source ?? value);
    const problem = scalarProblems[shape.type as Scalar]?.(text);
    if (problem !== undefined) this.fail(node, `${at}: "${text}" ${problem}`);
    const choices = 'choices' in shape ? shape.choices : undefined;
    if (choices?.includes(text) === false) this.fail(node, `${at} must be one of ${choices.join(', ')}`);
    return text;
  }
}

const shapeOf = (fields: Fields, key: string): Shape => fields[key]?.shape ?? { type: 'text' };

const textOf = (node: unknown): string => String(isScalar(node) ? node.value : node);
const isEmpty = (node: unknown): boolean => node === null || (isScalar(node) && node.value === null);

/** A checked file. */
export interface CheckedFile {
  readonly values: Values;
  /** Line that a record of it begins in. */
  readonly lineOf: (record: object) => number | undefined;
}

/** @throws {VedetteError} `inventory-invalid` with the line */
export function checkInventoryFile(path: string, text: string): CheckedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw invalidAt(path, lines.linePos(error.pos[0]).line, `is not YAML (${error.message.split('\n')[0] ?? ''})`);
  const checker = new Checker(path, lines);
  if (document.contents === null) checker.fail(null, 'is empty');
  const values = checker.record(document.contents, fileFields, '');
  return { values, lineOf: (record) => checker.linesOf.get(record) };
}
