// The analyzers of one engine: by server port, by content, by name.
import type { Analyzer } from '../analyzers/analyzer.ts';

type PortMap = ReadonlyMap<number, readonly Analyzer[]>;

function byPort(analyzers: readonly Analyzer[], transport: 'tcp' | 'udp'): PortMap {
  const map = new Map<number, Analyzer[]>();
  for (const analyzer of analyzers) {
    for (const port of analyzer.ports[transport] ?? []) {
      const there = map.get(port);
      if (there === undefined) map.set(port, [analyzer]);
      else there.push(analyzer);
    }
  }
  return map;
}

const noAnalyzers: readonly Analyzer[] = [];

/** The analyzers of one transport. */
export class AnalyzerBook {
  /** All of them: whose content test always says no is out after the first bytes. */
  readonly candidates: readonly Analyzer[];
  readonly #ports: PortMap;
  readonly #names: ReadonlyMap<string, Analyzer>;

  constructor(analyzers: readonly Analyzer[], transport: 'tcp' | 'udp') {
    this.candidates = analyzers.filter((analyzer) => analyzer.transports.includes(transport));
    this.#ports = byPort(this.candidates, transport);
    this.#names = new Map(this.candidates.map((analyzer) => [analyzer.name, analyzer]));
  }

  /** Those started because of the server's port. */
  onPort(port: number): readonly Analyzer[] {
    return this.#ports.get(port) ?? noAnalyzers;
  }

  named(name: string): Analyzer | undefined {
    return this.#names.get(name);
  }
}
