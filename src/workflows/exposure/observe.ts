// The observed view: accepted connections from outside in the captures and logs that were given, by public address.
import type { Cidr } from '../../base/ip.ts';
import { Engine } from '../../engine/engine.ts';
import type { Platform } from '../../engine/platform.ts';
import type { AddressSet } from '../../exposure/address-set.ts';
import type { End } from '../../exposure/assess.ts';
import { ConnectionFold, joinViews, type ObservedConnections } from '../../exposure/observed-connections.ts';
import type { ObservedView } from '../../model/exposure.ts';
import type { AnalyzeDependencies } from '../analyze.ts';
import { readPackets, readRecords } from '../read-inputs.ts';
import type { Owners } from './owners.ts';

export interface ObserveDependencies {
  readonly platform: Platform;
  readonly openInputs: AnalyzeDependencies['openInputs'];
}

/** Reads opened captures and Zeek logs to their end. */
export async function observeInputs(
  { packets, records }: Awaited<ReturnType<ObserveDependencies['openInputs']>>,
  ours: AddressSet,
  platform: Platform,
  signal: AbortSignal,
): Promise<ObservedConnections> {
  const fold = new ConnectionFold((address) => ours.has(address));
  const local: readonly Cidr[] = [];
  if (packets !== undefined) {
    const engine = new Engine({ local }, platform, fold);
    await readPackets(packets, engine, { signal });
    engine.finish();
    await packets.close();
  }
  if (records !== undefined) {
    await readRecords(records, fold, { signal });
    await records.close();
  }
  return fold;
}

/** By public address, protocol and port. */
export class ObservedPorts {
  readonly #views = new Map<string, ObservedView>();

  constructor(observed: ObservedConnections, owners: Owners | undefined) {
    for (const reached of observed.reached()) {
      const address = owners?.publicAddress(reached) ?? reached.address;
      const key = `${address}|${reached.protocol}|${reached.port}`;
      this.#views.set(key, joinViews(this.#views.get(key), reached.view));
    }
  }

  view({ address, protocol, port }: End): ObservedView | undefined {
    return this.#views.get(`${address}|${protocol}|${port}`);
  }

  /** Ends that were reached, as texts, and how often. */
  *ends(): Iterable<readonly [End, ObservedView]> {
    for (const [key, view] of this.#views) {
      const [address = '', protocol, port] = key.split('|');
      yield [{ address, protocol: protocol === 'udp' ? 'udp' : 'tcp', port: Number(port) }, view];
    }
  }
}
