// DNS messages, for tests. RFC 1035 §4.1.
import { bytesOf, long, type Part, short } from './wire-bytes.ts';

/** Labels of a name without compression; '' is the root. */
export function dnsName(name: string): number[] {
  const labels = name === '' ? [] : name.split('.');
  return [...labels.flatMap((label) => [label.length, ...[...label].map((character) => character.charCodeAt(0) & 0xff)]), 0];
}

/** Points at the first question's name. */
export const toQuestion: readonly number[] = [0xc0, 12];

export const dnsQuestion = (name: string, type = 1, rrClass = 1): number[] => [...dnsName(name), ...short(type), ...short(rrClass)];

/** A record; `data` gets its length in front. */
export function dnsRecord(
  type: number,
  data: readonly number[],
  options: { owner?: readonly number[]; ttl?: number; rrClass?: number } = {},
): number[] {
  const { owner = toQuestion, ttl = 300, rrClass = 1 } = options;
  return [...owner, ...short(type), ...short(rrClass), ...long(ttl), ...short(data.length), ...data];
}

export interface DnsMessageParts {
  id?: number;
  /** The 16 bits; 0x0100 a question, 0x8180 an answer of a resolver. */
  flags?: number;
  questions?: readonly (readonly number[])[];
  answers?: readonly (readonly number[])[];
  authorities?: readonly (readonly number[])[];
  additional?: readonly (readonly number[])[];
}

export function dnsMessage(parts: DnsMessageParts): Uint8Array {
  const { id = 0x1234, flags = 0x0100, questions = [], answers = [], authorities = [], additional = [] } = parts;
  const sections = [questions, answers, authorities, additional];
  const content: Part[] = sections.flat();
  return bytesOf(short(id), short(flags), ...sections.map((section) => short(section.length)), ...content);
}

/** With the length in front that TCP asks for. */
export const overTcp = (message: Uint8Array): Uint8Array => bytesOf(short(message.length), message);
