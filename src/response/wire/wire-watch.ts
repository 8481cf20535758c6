// Looks at the wire while a machine is contained: from before the first call until it has been silent for a while.
import { inCidr, parseAddress, parseCidr } from '../../base/ip.ts';
import type { MachineState } from '../../cloud/cloud.ts';
import type { CommandRunner } from '../../host/command-runner.ts';
import { FlowTable, type Forbidden } from './flow-table.ts';
import { parseTcpdumpLine } from './parse-tcpdump.ts';
import type { WirePoint, WireReport } from './wire-report.ts';

export interface WireWatchRequest {
  readonly state: MachineState;
  readonly points: readonly WirePoint[];
  /** Also what comes in must stop. */
  readonly inbound: boolean;
  /** CIDRs that may still talk to the machine. */
  readonly allowFrom: readonly string[];
}

/** Times, in milliseconds. */
export interface WireTimes {
  /** Looked at before anything is changed, to know what there is to stop. */
  readonly baselineMs: number;
  /** This long without a packet that must not be is silence. */
  readonly quietMs: number;
  /** Longest wait for silence, from the last call. */
  readonly patienceMs: number;
}

export const usualTimes: WireTimes = { baselineMs: 2000, quietMs: 5000, patienceMs: 30_000 };

/** What a wire that nobody looked at is reported as. */
export const unwatchedWire = (remark: string): WireReport => ({
  ...{ checked: false, remarks: [remark], points: [], packetsBefore: 0, packetsAfter: 0, silent: false, survivors: [] },
});

const runMs = 600_000;
/** Of tcpdump's lines; about 300 000 of them. */
const mostOutputBytes = 32 << 20;

/** Address resolution, DHCP and neighbour discovery are allowed outside of security groups, and prove nothing. */
const passedOver = 'not (udp port 67 or udp port 68 or udp port 546 or udp port 547) and not (icmp6 and ip6[40] >= 133 and ip6[40] <= 137)';

function forbiddenOf({ inbound, allowFrom }: WireWatchRequest): Forbidden {
  const ranges = allowFrom.flatMap((text) => parseCidr(text) ?? []);
  return {
    inbound,
    isInvestigator: (address) => {
      const words = parseAddress(address);
      return words !== undefined && ranges.some((range) => inCidr(range, ...words));
    },
  };
}

const pointText = ({ namespace, interface: device }: WirePoint): string => (namespace === undefined ? device : `${namespace}:${device}`);

/** A watch that is running. */
export class WireWatch {
  readonly #runner: CommandRunner;
  readonly #request: WireWatchRequest;
  readonly #now: () => Date;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #table: FlowTable;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];
  readonly #remarks: string[] = [];
  #listening = 0;
  #failed = 0;

  constructor(
    runner: CommandRunner,
    request: WireWatchRequest,
    clock: { readonly now: () => Date; readonly sleep: (ms: number) => Promise<void> },
  ) {
    this.#runner = runner;
    this.#request = request;
    this.#now = clock.now;
    this.#sleep = clock.sleep;
    const addresses = request.state.ports.flatMap(({ fixed }) => fixed.map(({ address }) => address));
    this.#table = new FlowTable(addresses, forbiddenOf(request));
  }

  /** Begins to look, and returns when all points are looked at, or cannot be. */
  async start(): Promise<void> {
    const addresses = this.#request.state.ports.flatMap(({ fixed }) => fixed.map(({ address }) => address));
    const filter = `(${addresses.map((address) => `host ${address}`).join(' or ')}) and ${passedOver}`;
    for (const point of this.#request.points) this.#running.push(this.#listen(point, filter));
    for (let waited = 0; waited < 3000 && this.#listening + this.#failed < this.#request.points.length; waited += 50) await this.#sleep(50);
  }

  /** The change begins now. */
  changed(): void {
    this.#table.changeAt(this.#now().getTime());
  }

  /** Waits for silence, stops looking, and says what was seen. */
  async finish({ quietMs, patienceMs }: WireTimes): Promise<WireReport> {
    const startMs = this.#now().getTime();
    const quietFor = (): number => this.#now().getTime() - Math.max(this.#table.lastForbiddenMs, startMs);
    while (quietFor() < quietMs && this.#now().getTime() - startMs < patienceMs) await this.#sleep(100);
    const silent = quietFor() >= quietMs;
    const endMs = this.#now().getTime();
    await this.close();
    const { packetsBefore, packetsAfter, lastForbiddenMs, dropped } = this.#table;
    const [lastFlow] = this.#table.survivors(lastForbiddenMs);
    if (packetsBefore === 0)
      this.#remarks.push('there was nothing to stop while the wire was looked at before, so its silence proves little');
    if (dropped > 0) this.#remarks.push(`${dropped} packets of more flows than are remembered were passed over`);
    return {
      checked: this.#listening > 0,
      ...{
        remarks: this.#remarks,
        points: this.#request.points,
        packetsBefore,
        packetsAfter,
        silent: silent && this.#listening > this.#failed,
      },
      ...(packetsAfter > 0 && { lastPacketAt: new Date(lastForbiddenMs).toISOString() }),
      ...(packetsAfter > 0 && lastFlow !== undefined && { lastFlow }),
      survivors: silent ? [] : this.#table.survivors(endMs - quietMs),
    };
  }

  /** Stops looking. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #listen(point: WirePoint, filter: string): Promise<void> {
    const { namespace, interface: device, side } = point;
    let trouble = '';
    const onLine = (line: string, from: 'stdout' | 'stderr'): void => {
      if (from === 'stderr') {
        if (line.includes('listening on')) this.#listening += 1;
        else trouble ||= line;
        return;
      }
      const packet = parseTcpdumpLine(line);
      if (packet !== undefined) this.#table.add(packet, side);
    };
    try {
      const args = ['-n', '-tt', '-l', '--immediate-mode', '-s', '128', '-i', device, filter];
      const limits = { timeoutMs: runMs, maxOutputBytes: mostOutputBytes, signal: this.#stop.signal };
      const result = await this.#runner.run({ program: 'tcpdump', args, ...limits, onLine, ...(namespace !== undefined && { namespace }) });
      if (result.ended !== 'stopped')
        this.#remarks.push(`${pointText(point)} was not looked at to the end: ${trouble || `exit ${result.code}`}`);
      if (result.truncated) this.#remarks.push(`${pointText(point)}: more packets than could be read`);
    } catch (error) {
      this.#failed += 1;
      this.#remarks.push(`${pointText(point)} was not looked at: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
