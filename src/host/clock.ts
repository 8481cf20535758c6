// Port: how far this machine's clock may be trusted. Adapter: clock/.

export interface ClockReading {
  /** Program that said so; `none` when there was none to ask. */
  readonly source: 'chronyc' | 'timedatectl' | 'none';
  readonly isSynchronised?: boolean;
  /** Seconds that this clock is ahead of true time; negative when behind. */
  readonly offsetSeconds?: number;
  /** Bound of the error, seconds. */
  readonly maxErrorSeconds?: number;
  readonly reference?: string;
}

export type ReadClock = () => Promise<ClockReading>;
