// The session of a recogniser that judges datagrams one by one.
import type { Bytes } from '../../base/bytes.ts';
import type { Flow, Session, Verdict } from '../analyzers/analyzer.ts';

/** What one datagram says: `yes` confirms, `no` rejects, `more` leaves it open. */
export type DatagramJudge = (fromClient: boolean, bytes: Bytes, start: number, end: number) => Verdict;

/** Confirms at the first datagram that fits; costs nothing afterwards. */
export class DatagramSession implements Session {
  readonly #flow: Flow;
  readonly #judge: DatagramJudge;

  constructor(flow: Flow, judge: DatagramJudge) {
    this.#flow = flow;
    this.#judge = judge;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const verdict = this.#judge(fromClient, bytes, start, end);
    if (verdict === 'no') this.#flow.reject('malformed datagram');
    if (verdict !== 'yes') return;
    this.#flow.confirm();
    this.#flow.done();
  }

  onClose(): void {}
}
