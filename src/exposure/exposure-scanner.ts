// Port: who measures which ports are open. Adapters: nmap/, connect/.
import type { MeasuredHost } from '../model/exposure.ts';
import type { AddressSet } from './address-set.ts';

export interface ScanRequest {
  readonly targets: AddressSet;
  readonly tcpPorts: readonly number[];
  readonly udpPorts: readonly number[];
  /** Packets (or connections) a second at most. */
  readonly rate: number;
  readonly hostTimeoutMs: number;
  readonly versions: boolean;
  /** Stops the scan; hosts that were handed on are whole. */
  readonly signal: AbortSignal;
  /** Each host once, when all is known of it. */
  readonly onHost: (host: MeasuredHost) => void;
  /** Now and then: what is going on, and its share from 0 to 1 where that is known. */
  readonly onProgress: (progress: ScanProgress) => void;
}

export interface ScanProgress {
  readonly task: string;
  readonly share?: number;
  /** Seconds left, by the engine's own estimate. */
  readonly secondsLeft?: number;
}

export interface ExposureScanner {
  readonly engine: 'nmap' | 'connect';
  /** Ports that this engine asks when nobody says which. */
  standardPorts(): Promise<readonly number[]>;
  /**
   * One attempt at all targets. Targets that were not handed on were not scanned; the caller tries them again.
   * @returns why it ended early; undefined when it came to its end
   * @throws {VedetteError} `program-missing`, `program-failed` when it cannot even begin
   */
  scan(request: ScanRequest): Promise<string | undefined>;
}
