import { contextColumn, defineRecord, ours, type RowOf, required } from './record.ts';

/** IP fragments of one sender to one target that never became whole datagrams, summed over some seconds. Ours; Zeek has no such log. */
export const fragments = defineRecord(
  'fragments',
  'IP fragments between two ends that never became whole datagrams; Zeek has no such log.',
  {
    ts: required('time', 'First fragment.'),
    'id.orig_h': required('addr', 'Sender.'),
    'id.resp_h': required('addr', 'Target.'),
    ip_proto: required('count', 'Protocol that the fragments say they carry.'),
    duration: required('interval', 'Seconds from the first to the last fragment.'),
    fragments: required('count', 'Fragments.'),
    datagrams: required('count', 'Datagrams that stayed incomplete.'),
    orig_l2_addr: ours('string', 'Hardware address of the sender, first seen.'),
    ...contextColumn,
  },
);

export type FragmentsRecord = RowOf<typeof fragments>;
