// Bytes of messages, for tests: numbers, text and parts, put one behind the other.
import { Bytes } from '../../src/base/bytes.ts';

/** A part of a message: a byte, text as ISO 8859-1, or bytes. */
export type Part = number | string | readonly number[] | Uint8Array;

/** Joins parts. */
export function bytesOf(...parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(octets));
}

function octets(part: Part): number[] {
  if (typeof part === 'number') return [part & 0xff];
  return typeof part === 'string' ? [...part].map((character) => character.charCodeAt(0) & 0xff) : [...part];
}

/** 16 bits, network order. */
export const short = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff];

/** 32 bits, network order. */
export const long = (value: number): number[] => [...short(value >>> 16), ...short(value)];

/** Bytes as the engine passes them, with other bytes around: positions do not start at 0. */
export function inBuffer(content: Uint8Array, before = 7, after = 5): { bytes: Bytes; start: number; end: number } {
  const buffer = new Uint8Array(before + content.length + after).fill(0xee);
  buffer.set(content, before);
  return { bytes: new Bytes(buffer), start: before, end: before + content.length };
}

/** Repeatable numbers from 0 up to 1, for random input in tests. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x100000000;
  };
}
