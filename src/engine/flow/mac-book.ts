// Texts of hardware addresses, one string each: every connection of a machine shares it.
import { Memo } from '../../base/memo.ts';

/** Addresses remembered; then it begins anew. A segment has some thousands. */
const mostAddresses = 65_536;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export class MacBook {
  readonly #texts = new Memo<number, string>(mostAddresses);

  /** `00:11:22:33:44:55` of the high 16 and the low 32 bits. */
  text(high: number, low: number): string {
    const key = high * 0x100000000 + (low >>> 0);
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const digits = hex(high, 4) + hex(low >>> 0, 8);
    return this.#texts.set(
      key,
      `${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}:${digits.slice(6, 8)}:${digits.slice(8, 10)}:${digits.slice(10)}`,
    );
  }
}
