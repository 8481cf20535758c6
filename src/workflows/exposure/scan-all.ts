// All targets, whatever happens on the way: what fails is tried again without what is done, then in halves, until it is clear which
// address it is.
import { VedetteError } from '../../base/errors.ts';
import { AddressSet } from '../../exposure/address-set.ts';
import type { ExposureScanner, ScanProgress, ScanRequest } from '../../exposure/exposure-scanner.ts';
import type { MeasuredHost } from '../../model/exposure.ts';

/** Failed attempts after which the rest is given up. */
const maxFailures = 64;
/** Failed attempts without one address done: then it is not the addresses. */
const maxFailuresAtFirst = 3;

export interface ScanAllRequest extends Omit<ScanRequest, 'onHost' | 'onProgress'> {
  readonly scanner: ExposureScanner;
  readonly now: () => Date;
  readonly onHost: (host: MeasuredHost) => void;
  readonly onProgress: (progress: ScanProgress & { readonly done: number; readonly total: number }) => void;
}

/** What is done and what is not. */
class Progress {
  readonly done = new Set<string>();
  readonly reasons: string[] = [];
  readonly #request: ScanAllRequest;

  constructor(request: ScanAllRequest) {
    this.#request = request;
  }

  take(host: MeasuredHost): void {
    if (this.done.has(host.address) || !this.#request.targets.has(host.address)) return;
    this.done.add(host.address);
    this.#request.onHost(host);
  }

  /** Addresses of which nothing was heard, or that failed. */
  lose(set: AddressSet, failed?: string): void {
    const at = this.#request.now().toISOString();
    for (const address of set.addresses()) {
      this.take({ address, state: 'down', reason: 'no-response', ports: [], others: [], at, ...(failed !== undefined && { failed }) });
    }
  }

  /** After a failed attempt: what to try next. @throws {VedetteError} `scan-failed` */
  afterFailure(rest: AddressSet, problem: string, hasMoved: boolean): AddressSet[] {
    this.reasons.push(problem);
    if (this.done.size === 0 && this.reasons.length >= maxFailuresAtFirst) throw new VedetteError('scan-failed', { reason: problem });
    if (rest.size === 1 || this.reasons.length > maxFailures) {
      this.lose(rest, problem);
      return [];
    }
    if (hasMoved || rest.size === 0) return rest.size === 0 ? [] : [rest];
    const half = rest.firstHalf();
    return [rest.without(half), half];
  }
}

/** @returns sentences about what failed. @throws {VedetteError} `scan-failed` when nothing can be scanned */
export async function scanAll(request: ScanAllRequest): Promise<readonly string[]> {
  const { targets, scanner, signal } = request;
  const progress = new Progress(request);
  const total = targets.size;
  const waiting = total === 0 ? [] : [targets];
  for (let next = waiting.pop(); next !== undefined && !signal.aborted; next = waiting.pop()) {
    const before = progress.done.size;
    const problem = await scanner.scan({
      ...request,
      targets: next,
      onHost: (host) => progress.take(host),
      onProgress: (now) => request.onProgress({ ...now, done: progress.done.size, total }),
    });
    if (signal.aborted) break;
    const rest = next.without(AddressSet.of(progress.done));
    if (problem === undefined) progress.lose(rest);
    else waiting.push(...progress.afterFailure(rest, problem, progress.done.size > before));
  }
  return [...new Set(progress.reasons)].slice(0, 10);
}
