// What findings say of a connection: kept in place of its whole row, of which there may be thousands.
import type { ConnRecord } from '../../model/records/conn.ts';

/** Ends, service and network context of a connection. */
export type ConnEnds = Pick<ConnRecord, 'id.orig_h' | 'id.resp_h' | 'id.resp_p' | 'service' | 'context'>;

/** A copy without the rest of the row. */
export const connEnds = (row: ConnRecord): ConnEnds => ({
  'id.orig_h': row['id.orig_h'],
  'id.resp_h': row['id.resp_h'],
  'id.resp_p': row['id.resp_p'],
  service: row.service,
  context: row.context,
});
