// pcapng time stamps count ticks of an interface's own length; ours count microseconds. Truncated, exact, no BigInt per packet.

const word = 2 ** 32;

/** Ticks in two 32-bit halves to microseconds since the epoch. */
export type TickScale = (high: number, low: number) => number;

/**
 * The conversion for one interface.
 * @param resolution if_tsresol: without the top bit 10^-n seconds, with it 2^-n. draft-ietf-opsawg-pcapng §4.2.
 * @param offsetSeconds if_tsoffset, added to every time.
 */
export function tickScale(resolution: number, offsetSeconds: number): TickScale {
  const offset = offsetSeconds * 1e6;
  const power = resolution & 0x7f;
  return (resolution & 0x80) !== 0 ? binaryScale(power, offset) : decimalScale(power, offset);
}

function decimalScale(power: number, offset: number): TickScale {
  if (power === 6) return (high, low) => high * word + low + offset;
  if (power < 6) {
    const factor = 10 ** (6 - power);
    return (high, low) => (high * word + low) * factor + offset;
  }
  // Up to picoseconds the rest of the upper half times 2^32 stays below 2^53, so long division is exact in doubles.
  if (power > 12) return wideScale(10n ** BigInt(power), offset);
  const divisor = 10 ** (power - 6);
  return (high, low) => {
    const rest = high % divisor;
    return ((high - rest) / divisor) * word + Math.floor((rest * word + low) / divisor) + offset;
  };
}

function binaryScale(power: number, offset: number): TickScale {
  if (power > 32) return wideScale(1n << BigInt(power), offset);
  const perSecond = 2 ** power;
  return (high, low) => {
    const fraction = low % perSecond;
    const seconds = high * (word / perSecond) + (low - fraction) / perSecond;
    return seconds * 1e6 + Math.floor((fraction * 1e6) / perSecond) + offset;
  };
}

/** Resolutions finer than any clock: correct, not fast. */
function wideScale(perSecond: bigint, offset: number): TickScale {
  return (high, low) => Number((((BigInt(high) << 32n) | BigInt(low)) * 1_000_000n) / perSecond) + offset;
}
