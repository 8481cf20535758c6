import { connectionColumns, contextColumn, defineRecord, type RowOf, required } from './record.ts';

/** A tunnel found or closed. */
export const tunnel = defineRecord('tunnel', 'A tunnel found or closed.', {
  ...connectionColumns,
  tunnel_type: required('enum', 'Kind of tunnel, Tunnel::VXLAN and so on.'),
  action: required('enum', 'Tunnel::DISCOVER or Tunnel::CLOSE.'),
  ...contextColumn,
});

export type TunnelRecord = RowOf<typeof tunnel>;
