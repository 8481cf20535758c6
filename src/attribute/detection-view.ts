// What detectors ask of an inventory, answered from its history and remembered.
import { type EpochMicros, epochMicros } from '../base/units.ts';
import type { Port } from '../model/inventory.ts';
import { addressKey, RangeMap } from './address-key.ts';
import type { Attributor } from './attributor.ts';

/** What was given up so recently may still be called by others. */
const graceMicros = 15 * 60e6;
/** Answers are remembered by this much time: readings are not closer. */
const slotMicros = 10e6;
const memory = 1 << 16;
/** Shorter prefixes are no tenant's subnet. */
const widestSubnetBits = { 4: 8, 6: 16 } as const;

function remembered<T>(answers: Map<string, T>, key: string, find: () => T): T {
  const known = answers.get(key);
  if (known !== undefined || answers.has(key)) return known as T;
  if (answers.size >= memory) answers.clear();
  const found = find();
  answers.set(key, found);
  return found;
}

/** Satisfies what src/detect asks of an inventory. */
export class DetectionView {
  readonly #attributor: Attributor;
  readonly #own = new Set<string>();
  readonly #subnets = new RangeMap<true>();
  readonly #owned = new Map<string, boolean>();
  readonly #held = new Map<string, 'held' | 'unheld' | 'unknown'>();
  readonly #senders = new Map<string, Port | undefined>();

  constructor(attributor: Attributor) {
    this.#attributor = attributor;
    const { history, index } = attributor.asOf;
    for (const address of index.addresses()) {
      // The gateway of an external network is the provider's.
      if (index.claims(address).some(({ type }) => type !== 'gateway')) this.#own.add(address);
    }
    const external = new Set([...history.versions('networks')].flatMap(({ value }) => (value.external ? [value.id] : [])));
    for (const { value } of history.versions('subnets')) {
      const bits = Number(value.cidr.split('/')[1]);
      if (!external.has(value.networkId) && bits >= widestSubnetBits[value.cidr.includes(':') ? 6 : 4]) this.#subnets.add(value.cidr, true);
    }
  }

  owns(address: string): boolean {
    return remembered(this.#owned, address, () => this.#own.has(addressKey(address) ?? '') || this.#subnets.find(address).length > 0);
  }

  holding(address: string, context: string | undefined, at: EpochMicros): 'held' | 'unheld' | 'unknown' {
    const key = `${address}|${context ?? ''}|${Math.floor(at / slotMicros)}`;
    return remembered(this.#held, key, () => {
      const ask = (time: EpochMicros) => this.#attributor.attribute({ at: time, address, ...(context !== undefined && { context }) });
      const now = ask(at);
      if (now.candidates.length > 0 || ask(epochMicros(at - graceMicros)).candidates.length > 0) return 'held';
      return now.verdict === 'unowned' ? 'unheld' : 'unknown';
    });
  }

  sender(
    mac: string,
    context: string | undefined,
    at: EpochMicros,
  ): { readonly address: string | undefined; permits(address: string): boolean } | undefined {
    const key = `${mac}|${context ?? ''}|${Math.floor(at / slotMicros)}`;
    const port = remembered(this.#senders, key, () => this.#attributor.machinePort(mac, context, at));
    if (port === undefined) return undefined;
    const own = port.fixed.map(({ address }) => address);
    return { address: own[0], permits: (address) => own.includes(addressKey(address) ?? address) || permitted(port, address) };
  }
}

function permitted({ allowedPairs }: Port, address: string): boolean {
  return allowedPairs.some((pair) => {
    const range = new RangeMap<true>();
    return range.add(pair.address, true) && range.find(address).length > 0;
  });
}
