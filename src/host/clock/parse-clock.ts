// What time programs print. `chronyc -c tracking` is one line of comma-separated values (chrony 4, client.c).
import type { ClockReading } from '../clock.ts';

/**
 * `A29FC801,162.159.200.1,4,1700000000.123,-0.000012,0.000034,…,0.0201,0.0004,64.2,Normal`: reference, name, stratum, time of the last
 * update, correction, last offset, RMS, frequency, residual, skew, root delay, root dispersion, interval, leap status.
 */
export function parseTracking(text: string): ClockReading | undefined {
  const fields = text.trim().split(',');
  const [, reference = '', , , correction = '', , , , , , delay = '', dispersion = '', , leap = ''] = fields;
  if (fields.length < 14 || correction === '' || Number.isNaN(Number(correction))) return undefined;
  return {
    source: 'chronyc',
    isSynchronised: leap !== 'Not synchronised',
    // chronyc says by how much system time is slow of NTP time; slow is positive.
    offsetSeconds: -Number(correction),
    maxErrorSeconds: Number(dispersion) + Number(delay) / 2,
    ...(reference !== '' && { reference }),
  };
}

/** `timedatectl show`: one `Name=value` a line. */
export function parseTimedatectl(text: string): ClockReading | undefined {
  const value = /^NTPSynchronized=(yes|no)$/m.exec(text)?.[1];
  return value === undefined ? undefined : { source: 'timedatectl', isSynchronised: value === 'yes' };
}
