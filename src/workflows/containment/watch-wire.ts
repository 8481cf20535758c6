// Looks at the wire around a change, where this computer can.
import { VedetteError } from '../../base/errors.ts';
import type { MachineState } from '../../cloud/cloud.ts';
import type { ActionName, Parameter } from '../../response/journal-entry.ts';
import { cutConnections } from '../../response/wire/cut-connections.ts';
import { findWirePoints, parseWirePoint } from '../../response/wire/find-points.ts';
import type { WirePoint, WireReport } from '../../response/wire/wire-report.ts';
import { unwatchedWire, WireWatch } from '../../response/wire/wire-watch.ts';
import type { ContainmentDependencies } from './dependencies.ts';

export interface WireRequest {
  /** `qrouter-…:qr-…` or `tap…`; when empty, points are looked for on this computer. */
  readonly verifyAt: readonly string[];
  /** Do not look. */
  readonly skip: boolean;
}

/** A look at the wire that has begun, or the reason why there is none. */
export interface WireLook {
  /** Passes when enough was seen of what there is to stop. */
  readonly baseline: Promise<void>;
  changed(): void;
  finish(): Promise<WireReport>;
  close(): Promise<void>;
}

const noLook = (remark: string): WireLook => ({
  baseline: Promise.resolve(),
  changed: () => {},
  finish: () => Promise.resolve(unwatchedWire(remark)),
  close: () => Promise.resolve(),
});

async function pointsOf(
  { runner }: ContainmentDependencies,
  state: MachineState,
  { verifyAt }: WireRequest,
): Promise<readonly WirePoint[]> {
  if (verifyAt.length === 0) return findWirePoints(runner, state);
  return verifyAt.map((text) => {
    const point = parseWirePoint(text);
    if (point === undefined)
      throw new VedetteError('usage', { problem: `"${text}" is no capture point`, advice: 'such as qrouter-…:qr-… or tap…' });
    return point;
  });
}

const listOf = (value: Parameter | undefined): readonly string[] => (typeof value === 'object' ? value : []);

/** Begins to look. */
export async function watchWire(
  dependencies: ContainmentDependencies,
  state: MachineState,
  action: ActionName,
  parameters: Readonly<Record<string, Parameter>>,
  request: WireRequest,
): Promise<WireLook> {
  if (action !== 'isolate-machine') return noLook('nothing changes on the wire');
  if (request.skip) return noLook('the wire was not looked at, as asked');
  const points = await pointsOf(dependencies, state, request);
  if (points.length === 0)
    return noLook('the wire was not checked: neither the machine nor its router is on this computer; run this there, or pass --verify-at');
  const { runner, wireTimes, sleep } = dependencies;
  const allowFrom = listOf(parameters['allowFrom']);
  const watch = { state, points, inbound: parameters['mode'] !== 'egress', allowFrom };
  const first = new WireWatch(runner, watch, dependencies);
  await first.start();
  return {
    baseline: sleep(wireTimes.baselineMs),
    changed: () => first.changed(),
    async finish() {
      const report = await first.finish(wireTimes);
      if (report.silent || !report.checked) return report;
      const cut = await cutConnections(runner, state, points);
      const second = new WireWatch(runner, watch, dependencies);
      second.changed();
      await second.start();
      const again = await second.finish(wireTimes);
      const remarks = [...report.remarks, `it was not silent, so ${cut.length} tracked connections were cut in the router`];
      return { ...again, remarks, cut, packetsBefore: report.packetsBefore, packetsAfter: report.packetsAfter + again.packetsAfter };
    },
    close: () => first.close(),
  };
}
