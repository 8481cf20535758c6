// What is to be scanned: typed ranges, the addresses of the inventory, the ranges of its external networks; less what is excluded.
import { VedetteError } from '../../base/errors.ts';
import { AddressSet, maxAddresses } from '../../exposure/address-set.ts';
import type { Owners } from './owners.ts';

export interface ChosenTargets {
  readonly set: AddressSet;
  readonly notes: readonly string[];
}

/** Words that stand for addresses of the inventory. */
const words = ['inventory', 'external'];

/** @throws {VedetteError} `usage`, `scan-nothing` */
export function chooseTargets(targets: readonly string[], excluded: readonly string[], owners: Owners | undefined): ChosenTargets {
  const wanted = targets.length === 0 ? ['inventory'] : targets;
  const notes: string[] = [];
  const texts = wanted.flatMap((target) => {
    if (!words.includes(target)) return [target];
    if (owners === undefined) {
      const what = targets.length === 0 ? 'no addresses were given, and no inventory' : `"${target}" needs an inventory`;
      throw new VedetteError('scan-nothing', { reason: what });
    }
    if (target === 'inventory') return [...owners.publicAddresses()];
    // Nobody scans a /64 address by address.
    const ranges = owners.externalRanges();
    const tooWide = ranges.filter((range) => range.includes(':'));
    if (tooWide.length > 0) notes.push(`ranges of IPv6 are too wide to scan, only known addresses are: ${tooWide.join(', ')}`);
    return ranges.filter((range) => !range.includes(':'));
  });
  const all = AddressSet.of(texts);
  const set = all.without(AddressSet.of(excluded));
  if (set.size === 0)
    throw new VedetteError('scan-nothing', { reason: all.size === 0 ? 'the inventory has no public address' : 'all is excluded' });
  if (set.size > maxAddresses) {
    const problem = `${set.size.toExponential(1)} addresses are too many (at most ${maxAddresses.toLocaleString('en')})`;
    throw new VedetteError('usage', { problem, advice: 'give smaller ranges; of IPv6 the addresses themselves, or "inventory"' });
  }
  return { set, notes };
}
