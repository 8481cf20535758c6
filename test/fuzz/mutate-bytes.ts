// Damages bytes: what a hostile sender, a broken disk or a bug in somebody's encoder would do.
import type { Random } from './random.ts';

/** Values at which lengths, counts and signs go wrong. */
const edges = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff, 0x20, 0x0a, 0x0d, 0x2e, 0x30, 0xc0, 0x3f] as const;
const edges16 = [0, 1, 0x7fff, 0x8000, 0xffff, 0xfffe, 0x0100, 0x4000] as const;
const edges32 = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0x00010000, 0x40000000] as const;

type Mutation = (bytes: Uint8Array, at: number, random: Random) => void;

const inPlace: readonly Mutation[] = [
  (bytes, at, random) => {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  },
  (bytes, at, random) => {
    bytes[at] = random.pick(edges);
  },
  (bytes, at, random) => {
    bytes[at] = random.below(256);
  },
  (bytes, at, random) => {
    bytes[at] = (bytes[at] ?? 0) + random.below(9) - 4;
  },
  (bytes, at, random) => writeWord(bytes, at, 2, random.pick(edges16), random.chance(0.5)),
  (bytes, at, random) => writeWord(bytes, at, 4, random.pick(edges32), random.chance(0.5)),
  (bytes, at, random) => {
    const count = random.length(bytes.length - at);
    for (let i = at; i < at + count; i++) bytes[i] = random.below(256);
  },
  (bytes, at, random) => {
    bytes.fill(random.pick(edges), at, at + random.length(bytes.length - at));
  },
  (bytes, at, random) => {
    bytes.copyWithin(at, random.below(bytes.length), bytes.length - random.below(bytes.length - at));
  },
];

function writeWord(bytes: Uint8Array, at: number, size: number, value: number, little: boolean): void {
  for (let i = 0; i < size && at + i < bytes.length; i++) bytes[at + i] = value >>> (8 * (little ? i : size - 1 - i));
}

/** Changes bytes from `from` on, in place, `count` times. */
export function scramble(bytes: Uint8Array, from: number, count: number, random: Random): void {
  if (from >= bytes.length) return;
  for (let i = 0; i < count; i++) random.pick(inPlace)(bytes, from + random.below(bytes.length - from), random);
}

/** A copy with a piece cut out, doubled, or put in from `other`, behind `from`. */
export function resize(bytes: Uint8Array, from: number, other: Uint8Array, random: Random): Uint8Array {
  const at = Math.min(bytes.length, from + random.below(Math.max(1, bytes.length - from)));
  const head = bytes.subarray(0, at);
  switch (random.below(4)) {
    case 0:
      return head.slice();
    case 1:
      return joined(head, bytes.subarray(at + random.length(bytes.length - at)));
    case 2:
      return joined(head, bytes.subarray(at, at + random.length(bytes.length - at)), bytes.subarray(at));
    default: {
      const start = random.below(other.length);
      return joined(head, other.subarray(start, start + random.length(other.length - start)), bytes.subarray(at));
    }
  }
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
