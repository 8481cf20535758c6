import { conn } from './conn.ts';
import { defineRecord, type RowOf } from './record.ts';

/** A connection that was still open when the capture ended, or is open now (live); columns of conn. */
export const openConn = defineRecord('open_conn', 'A connection that is still open; columns of conn.', conn.columns);

export type OpenConnRecord = RowOf<typeof openConn>;
