// A row of ssh.log before anything is known but that somebody spoke.
import type { EpochMicros } from '../../../base/units.ts';
import type { SshRecord } from '../../../model/records/ssh.ts';
import { connectionFields, type Flow } from '../analyzer.ts';

/** All columns at once, so that every row has the same shape; the direction is known only between local and remote. */
export const newRow = (flow: Flow, at: EpochMicros): SshRecord => ({
  ...connectionFields(flow, at),
  version: undefined,
  auth_success: undefined,
  auth_attempts: 0,
  direction: flow.clientIsLocal === flow.serverIsLocal ? undefined : flow.clientIsLocal ? 'OUTBOUND' : 'INBOUND',
  client: undefined,
  server: undefined,
  cipher_alg: undefined,
  mac_alg: undefined,
  compression_alg: undefined,
  kex_alg: undefined,
  host_key_alg: undefined,
  host_key_fingerprint: undefined,
  host_key_sha256: undefined,
  hassh: undefined,
  hassh_server: undefined,
  context: flow.context,
});
