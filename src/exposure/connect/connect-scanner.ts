// The built-in scan, where nmap or the right to use it is missing: opens connections as any client does.
import type { MeasuredHost, MeasuredPort, Transport } from '../../model/exposure.ts';
import type { ExposureScanner, ScanRequest } from '../exposure-scanner.ts';
import { forEachOf, Pacer } from '../pacer.ts';
import { commonTcpPorts, serviceName } from './common-services.ts';
import { type PortAnswer, tryTcp, tryUdp } from './try-port.ts';

/** Hosts at once, and ports of one host at once: 512 sockets, within the usual limit of 1024 files. */
const hostsAtOnce = 16;
const portsAtOnce = 32;
const answerMs = 1500;
/** Of a state with more ports than this only their number is told, as nmap does. */
const listedOfState = 25;

/** The adapter for Node's sockets. */
export class ConnectScanner implements ExposureScanner {
  readonly engine = 'connect';
  readonly #now: () => Date;

  constructor(options: { readonly now: () => Date }) {
    this.#now = options.now;
  }

  standardPorts(): Promise<readonly number[]> {
    return Promise.resolve(commonTcpPorts());
  }

  async scan(request: ScanRequest): Promise<string | undefined> {
    const pacer = new Pacer(request.rate, () => performance.now());
    let done = 0;
    await forEachOf(request.targets.addresses(), hostsAtOnce, async (address) => {
      if (request.signal.aborted) return;
      const host = await this.#host(address, request, pacer);
      // What was interrupted is not known: it is scanned again.
      if (request.signal.aborted) return;
      request.onHost(host);
      request.onProgress({ task: 'Connect Scan', share: ++done / request.targets.size });
    });
    return request.signal.aborted ? 'stopped' : undefined;
  }

  async #host(address: string, request: ScanRequest, pacer: Pacer): Promise<MeasuredHost> {
    const deadline = performance.now() + request.hostTimeoutMs;
    const questions: (readonly [Transport, number])[] = [
      ...request.tcpPorts.map((port) => ['tcp', port] as const),
      ...request.udpPorts.map((port) => ['udp', port] as const),
    ];
    const answers: MeasuredPort[] = [];
    let failed: string | undefined;
    await forEachOf(questions, portsAtOnce, async ([protocol, port]) => {
      if (request.signal.aborted || failed !== undefined) return;
      if (performance.now() > deadline) {
        failed = 'took longer than its time-out';
        return;
      }
      await pacer.turn();
      try {
        answers.push({ protocol, port, ...(await ask(address, protocol, port, request.signal)), service: serviceName(port) });
      } catch (error) {
        failed ??= (error as NodeJS.ErrnoException).code ?? String((error as Error).message);
      }
    });
    return { address, ...summaryOf(answers), at: this.#now().toISOString(), ...(failed !== undefined && { failed }) };
  }
}

/** A silent port is asked once more: one packet may get lost. */
async function ask(address: string, protocol: Transport, port: number, signal: AbortSignal): Promise<PortAnswer> {
  const once = (): Promise<PortAnswer> => (protocol === 'tcp' ? tryTcp(address, port, answerMs, signal) : tryUdp(address, port, answerMs));
  const answer = await once();
  return answer.reason === 'no-response' && !signal.aborted ? once() : answer;
}

function summaryOf(answers: readonly MeasuredPort[]): Pick<MeasuredHost, 'state' | 'reason' | 'ports' | 'others'> {
  const byState = Map.groupBy(answers, ({ state }) => state);
  const isListed = ({ state }: MeasuredPort): boolean => state === 'open' || (byState.get(state)?.length ?? 0) <= listedOfState;
  const ports = answers.filter(isListed).sort((a, b) => (a.protocol === b.protocol ? a.port - b.port : a.protocol < b.protocol ? -1 : 1));
  const others = [...byState].flatMap(([state, ones]) =>
    ones[0] !== undefined && !isListed(ones[0]) ? [{ state, count: ones.length }] : [],
  );
  const proof = answers.find(({ state }) => state === 'open' || state === 'closed');
  return { state: proof === undefined ? 'down' : 'up', reason: proof?.reason ?? 'no-response', ports, others };
}
