// Connections that sessions announced (FTP's data channel and its like): which analyzer waits for them.
import type { Expectation } from '../analyzers/analyzer.ts';

const mostExpectations = 10_000;

interface Waiting {
  readonly expectation: Expectation;
  readonly since: number;
}

/** Announcements by server; a new one for the same server and client replaces the old. */
export class Expectations {
  readonly #waiting = new Map<string, Waiting[]>();
  #count = 0;
  /** Announcements given up because there were too many. */
  dropped = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** @param space network context of the announcing connection. */
  add(space: number, expectation: Expectation, at: number): void {
    const key = keyOf(space, expectation.serverAddress, expectation.serverPort);
    const there = this.#waiting.get(key) ?? [];
    const others = there.filter(({ expectation: { clientAddress, analyzer } }) => {
      return clientAddress !== expectation.clientAddress || analyzer !== expectation.analyzer;
    });
    this.#count += 1 + others.length - there.length;
    this.#waiting.delete(key);
    this.#waiting.set(key, [...others, { expectation, since: at }]);
    if (this.#count > mostExpectations) this.#dropOldest();
  }

  /** Name of the analyzer for a connection that began at `at`; undefined when nobody waits for it. */
  find(space: number, clientAddress: string, serverAddress: string, serverPort: number, at: number): string | undefined {
    const key = keyOf(space, serverAddress, serverPort);
    for (const { expectation, since } of this.#waiting.get(key) ?? []) {
      const isClient = expectation.clientAddress === undefined || expectation.clientAddress === clientAddress;
      if (isClient && at >= since && at <= since + expectation.lifetime) return expectation.analyzer;
    }
    return undefined;
  }

  #dropOldest(): void {
    const oldest = this.#waiting.entries().next();
    if (oldest.done === true) return;
    const [key, list] = oldest.value;
    this.#waiting.delete(key);
    this.#count -= list.length;
    this.dropped += list.length;
  }
}

const keyOf = (space: number, address: string, port: number): string => `${space} ${address} ${port}`;
