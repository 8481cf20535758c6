// The key of a packet's flow: both ends in an order that does not depend on the direction. One reused object.
import type { PacketEnds } from '../wire/packet-ends.ts';
import type { Connection, UpperWords } from './connection.ts';
import { mix } from './key-table.ts';

/** Added to the protocol of flows that have one direction. */
export const oneWayFlag = 0x100;

/** Third word of an IPv4 address in its IPv6 form. */
const ipv4Prefix = 0xffff;

const isBelow = (a: number, b: number): boolean => a >>> 0 < b >>> 0;

export class FlowKey {
  hash = 0;
  context = 0;
  protocol = 0;
  low0 = 0;
  low1 = 0;
  low2 = 0;
  low3 = 0;
  high0 = 0;
  high1 = 0;
  high2 = 0;
  high3 = 0;
  /** Low port in the upper half. */
  ports = 0;
  /** The packet comes from the low end. */
  fromLow = true;
  /** Both addresses are IPv4. */
  #isNarrow = true;
  readonly #seed: number;

  /** @param seed of the hash, so that nobody outside can aim at one place of the table. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** @param protocol IP protocol, with `oneWayFlag` where source and target must not be swapped. */
  set(context: number, protocol: number, source: PacketEnds, sourcePort: number, targetPort: number): void {
    const { s0, s1, s2, s3, d0, d1, d2, d3 } = source;
    const swap = protocol < oneWayFlag && this.#isSwapped(s0, s1, s2, s3, d0, d1, d2, d3, sourcePort, targetPort);
    this.fromLow = !swap;
    this.context = context;
    this.protocol = protocol;
    this.low0 = swap ? d0 : s0;
    this.low1 = swap ? d1 : s1;
    this.low2 = swap ? d2 : s2;
    this.low3 = swap ? d3 : s3;
    this.high0 = swap ? s0 : d0;
    this.high1 = swap ? s1 : d1;
    this.high2 = swap ? s2 : d2;
    this.high3 = swap ? s3 : d3;
    this.ports = swap ? (targetPort << 16) | sourcePort : (sourcePort << 16) | targetPort;
    this.#finish();
  }

  /** The key of a connection under another context. */
  setFrom(connection: Connection, context: number): void {
    const { upper } = connection;
    this.context = context;
    this.protocol = connection.keyProtocol;
    this.low0 = upper?.low0 ?? 0;
    this.low1 = upper?.low1 ?? 0;
    this.low2 = upper?.low2 ?? ipv4Prefix;
    this.low3 = connection.low3;
    this.high0 = upper?.high0 ?? 0;
    this.high1 = upper?.high1 ?? 0;
    this.high2 = upper?.high2 ?? ipv4Prefix;
    this.high3 = connection.high3;
    this.ports = connection.ports;
    this.#finish();
  }

  /** Gives the connection this key. */
  copyTo(connection: Connection): void {
    connection.hash = this.hash;
    connection.context = this.context;
    connection.keyProtocol = this.protocol;
    connection.low3 = this.low3;
    connection.high3 = this.high3;
    connection.ports = this.ports;
    connection.upper = this.#isNarrow
      ? null
      : { low0: this.low0, low1: this.low1, low2: this.low2, high0: this.high0, high1: this.high1, high2: this.high2 };
  }

  isOf(connection: Connection): boolean {
    return (
      connection.low3 === this.low3 &&
      connection.high3 === this.high3 &&
      connection.ports === this.ports &&
      connection.context === this.context &&
      connection.keyProtocol === this.protocol &&
      (connection.upper === null ? this.#isNarrow : this.#isWideOf(connection.upper))
    );
  }

  #isWideOf(upper: UpperWords): boolean {
    return (
      upper.low0 === this.low0 &&
      upper.low1 === this.low1 &&
      upper.low2 === this.low2 &&
      upper.high0 === this.high0 &&
      upper.high1 === this.high1 &&
      upper.high2 === this.high2
    );
  }

  #isSwapped(
    s0: number,
    s1: number,
    s2: number,
    s3: number,
    d0: number,
    d1: number,
    d2: number,
    d3: number,
    sourcePort: number,
    targetPort: number,
  ): boolean {
    if (s3 !== d3) return isBelow(d3, s3);
    if (s2 !== d2) return isBelow(d2, s2);
    if (s1 !== d1) return isBelow(d1, s1);
    if (s0 !== d0) return isBelow(d0, s0);
    return targetPort < sourcePort;
  }

  #finish(): void {
    this.#isNarrow = this.low2 === ipv4Prefix && this.high2 === ipv4Prefix && (this.low0 | this.low1 | this.high0 | this.high1) === 0;
    let hash = mix(this.#seed ^ this.context, this.low3);
    hash = mix(hash, this.high3);
    hash = mix(hash, this.ports);
    if (!this.#isNarrow) {
      hash = mix(hash, this.low0);
      hash = mix(hash, this.low1);
      hash = mix(hash, this.low2);
      hash = mix(hash, this.high0);
      hash = mix(hash, this.high1);
      hash = mix(hash, this.high2);
    }
    hash = mix(hash, this.protocol);
    this.hash = hash ^ (hash >>> 13);
  }
}
