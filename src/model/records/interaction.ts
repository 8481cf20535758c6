import { column, connectionColumns, contextColumn, defineRecord, type RowOf, required } from './record.ts';

/**
 * How the two ends of a TCP connection took turns, written with its conn row when both sent payload and either no protocol
 * was recognised or the server spoke first after idle at least twice, and for requests in the clear of which the capture has
 * one direction only. Facts for interactive-session detection (Guha et al. 2011: header timing on any port). A turn is a run of payload of one side. Ours; Zeek has no such log.
 */
export const interaction = defineRecord('interaction', 'How the two ends of a TCP connection took turns.', {
  ...connectionColumns,
  service: column('string', 'As in conn.'),
  duration: required('interval', 'Seconds from first to last packet.'),
  turns: required('count', 'Changes of the sending side.'),
  server_prompted_turns: required('count', 'Turns that the server opened after at least 0.3 s of silence and the client answered.'),
  server_bytes_median: column('count', 'Median payload bytes of the server in those turns.'),
  client_bytes_median: column('count', 'Median payload bytes of the client in answer to them.'),
  server_gap_median: column('interval', 'Median silence before those server turns, seconds.'),
  server_gap_cv: column('double', 'Standard deviation over mean of those silences; humans are irregular.'),
  client_delay_median: column('interval', 'Median time to the answer, seconds.'),
  client_prompted_turns: required(
    'count',
    'The same with the ends swapped: turns that the client opened after silence and the server answered.',
  ),
  client_turn_bytes_median: column('count', 'Median payload bytes of the client in client-opened turns.'),
  server_answer_bytes_median: column('count', 'Median payload bytes of the server in answer to them.'),
  client_gap_median: column('interval', 'Median silence before client-opened turns, seconds.'),
  client_gap_cv: column('double', 'Standard deviation over mean of those silences.'),
  first_sender: required('enum', 'client or server: whose payload came first.'),
  client_head: column('string', 'First payload bytes of the client (at most 256), printable.'),
  server_head: column('string', 'First payload bytes of the server (at most 256), printable.'),
  client_printable: required('double', 'Share of printable bytes in the first 2048 payload bytes of the client.'),
  server_printable: required('double', 'Share of printable bytes in the first 2048 payload bytes of the server.'),
  client_prompts: required('count', 'Client turns that ended like a shell prompt (`$ `, `# `, `> `).'),
  server_prompts: required('count', 'Server turns that ended like a shell prompt.'),
  ...contextColumn,
});

export type InteractionRecord = RowOf<typeof interaction>;
