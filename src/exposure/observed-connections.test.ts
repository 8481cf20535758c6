import { expect, it } from 'vitest';
import { conn as connRow } from '../../test/build/rows.ts';
import type { ConnRecord } from '../model/records/conn.ts';
import { ConnectionFold } from './observed-connections.ts';

it('counts connections that were accepted from outside, by port', () => {
  const fold = new ConnectionFold((address) => address.startsWith('203.0.113.'));
  const conn = (client: string, port: number, state: string, more: Partial<ConnRecord> = {}): void => {
    const { row } = connRow(0, `${client}:40000`, `203.0.113.7:${port}`, 'answered', { conn_state: state, ...more });
    fold.emit('conn', row);
  };
  conn('198.51.100.1', 3306, 'SF');
  conn('198.51.100.1', 3306, 'S1');
  conn('198.51.100.2', 3306, 'RSTO');
  conn('198.51.100.3', 3306, 'S0');
  conn('198.51.100.3', 3306, 'REJ');
  conn('10.0.0.4', 3306, 'SF');
  conn('203.0.113.9', 3306, 'SF');
  conn('198.51.100.3', 4789, 'SF', { carrier: true });
  conn('198.51.100.3', 53, 'SF', { proto: 'udp', orig_pkts: 1, resp_pkts: 1 });
  conn('198.51.100.3', 161, 'S0', { proto: 'udp', orig_pkts: 1, resp_pkts: 0 });
  const reached = [...fold.reached()].map(({ address, protocol, port, view }) => [address, protocol, port, view.connections, view.sources]);
  expect(reached).toEqual([
    ['203.0.113.7', 'tcp', 3306, 3, 2],
    ['203.0.113.7', 'udp', 53, 1, 1],
  ]);
  expect(fold.connections).toBe(4);
});
