// nmap's XML, read as it comes: a host is handed on when its element ends, so that a run that is cut short loses only what it had
// not finished. Format: nmap.dtd of nmap 7 (`xmloutputversion` 1.05).
import sax from 'sax';
import { type MeasuredHost, type MeasuredPort, type PortState, portStates } from '../../model/exposure.ts';
import type { ScanProgress } from '../exposure-scanner.ts';

type Attributes = Readonly<Record<string, string | undefined>>;

interface HostDraft {
  address: string;
  state: 'up' | 'down';
  reason: string;
  at: string;
  timedOut: boolean;
  readonly ports: MeasuredPort[];
  readonly others: { state: string; count: number }[];
}

type PortDraft = { -readonly [K in keyof MeasuredPort]: MeasuredPort[K] };

/** Most ports listed of one host: more is no host but a trap that answers everything. */
const maxPorts = 5000;

export interface NmapXmlHandlers {
  readonly onHost: (host: MeasuredHost) => void;
  readonly onProgress?: (progress: ScanProgress) => void;
}

const stateOf = (text: string | undefined): PortState => portStates.find((one) => one === text) ?? 'filtered';

/** Feed it the text in any pieces. */
export class NmapXmlReader {
  readonly #parser = sax.parser(true, { position: false });
  readonly #handlers: NmapXmlHandlers;
  #host: HostDraft | undefined;
  #port: PortDraft | undefined;
  /** `success` or the word of nmap's own end; undefined while there was none. */
  exit: string | undefined;
  /** Why nmap says that it failed. */
  problem: string | undefined;
  /** TCP ports of the scan, as nmap lists them. */
  services = '';

  constructor(handlers: NmapXmlHandlers) {
    this.#handlers = handlers;
    this.#parser.onopentag = ({ name, attributes }) => this.#open(name, attributes as Attributes);
    this.#parser.onclosetag = (name) => this.#close(name);
    // Warnings of nmap stand between the elements; a document that was cut has no end. Neither loses what was read.
    this.#parser.onerror = () => {
      this.#parser.resume();
    };
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  #open(name: string, at: Attributes): void {
    if (this.#host !== undefined) {
      this.#inHost(this.#host, name, at);
      return;
    }
    switch (name) {
      case 'host':
        this.#host = {
          address: '',
          state: 'down',
          reason: '',
          at: instantOf(at['endtime']),
          timedOut: at['timedout'] === 'true',
          ports: [],
          others: [],
        };
        break;
      case 'scaninfo':
        if (at['protocol'] === 'tcp') this.services = at['services'] ?? '';
        break;
      case 'taskprogress':
        this.#progress(at);
        break;
      case 'taskbegin':
        this.#handlers.onProgress?.({ task: at['task'] ?? '' });
        break;
      case 'finished':
        this.exit = at['exit'] ?? 'success';
        this.problem = at['errormsg'];
        break;
    }
  }

  #progress(at: Attributes): void {
    const [share, left] = [Number(at['percent']) / 100, Number(at['remaining'])];
    this.#handlers.onProgress?.({
      task: at['task'] ?? '',
      ...(Number.isFinite(share) && { share }),
      ...(Number.isFinite(left) && { secondsLeft: left }),
    });
  }

  #inHost(host: HostDraft, name: string, at: Attributes): void {
    switch (name) {
      case 'status':
        host.state = at['state'] === 'up' ? 'up' : 'down';
        host.reason = at['reason'] ?? '';
        break;
      case 'address':
        if (at['addrtype'] !== 'mac') host.address = at['addr'] ?? '';
        break;
      case 'extraports':
        host.others.push({ state: at['state'] ?? '', count: Number(at['count']) || 0 });
        break;
      case 'port':
        this.#port = {
          protocol: at['protocol'] === 'udp' ? 'udp' : 'tcp',
          port: Number(at['portid']),
          state: 'filtered',
          reason: '',
          service: '',
        };
        break;
    }
    if (this.#port !== undefined) describe(this.#port, name, at);
  }

  #close(name: string): void {
    const host = this.#host;
    if (host === undefined) return;
    if (name === 'port' && this.#port !== undefined) {
      if (host.ports.length < maxPorts && this.#port.port > 0) host.ports.push(this.#port);
      this.#port = undefined;
    }
    if (name !== 'host') return;
    this.#host = undefined;
    if (host.address === '') return;
    const { timedOut, ...rest } = host;
    this.#handlers.onHost({ ...rest, ...(timedOut && { failed: 'took longer than its time-out' }) });
  }
}

function describe(port: PortDraft, element: string, at: Attributes): void {
  if (element === 'state') {
    port.state = stateOf(at['state']);
    port.reason = at['reason'] ?? '';
  }
  if (element !== 'service') return;
  const name = at['name'] ?? '';
  port.service = at['tunnel'] === 'ssl' && name === 'http' ? 'https' : name;
  if (at['product'] !== undefined) port.product = at['product'];
  if (at['version'] !== undefined) port.version = at['version'];
}

/** Seconds since the epoch as ISO 8601; '' when there are none (a host that is down). */
const instantOf = (seconds: string | undefined): string => {
  const value = Number(seconds);
  return Number.isFinite(value) && value > 0 ? new Date(value * 1000).toISOString() : '';
};
