import { column, connectionColumns, contextColumn, defineRecord, type RowOf, required } from './record.ts';

/** One NTP message. */
export const ntp = defineRecord('ntp', 'One NTP message.', {
  ...connectionColumns,
  version: required('count', 'Version number.'),
  mode: required('count', 'Mode number.'),
  stratum: column('count', 'Stratum.'),
  poll: column('interval', 'Seconds between messages at the most.'),
  precision: column('interval', 'Clock precision, seconds.'),
  root_delay: column('interval', 'Round trip to the primary clock, seconds.'),
  root_disp: column('interval', 'Dispersion to the primary clock, seconds.'),
  ref_id: column('string', 'Reference: code or address.'),
  ref_time: column('time', 'When the clock was last set.'),
  org_time: column('time', 'When the request left.'),
  rec_time: column('time', 'When the request came.'),
  xmt_time: column('time', 'When the response left.'),
  num_exts: column('count', 'Extension fields.'),
  ...contextColumn,
});

export type NtpRecord = RowOf<typeof ntp>;
