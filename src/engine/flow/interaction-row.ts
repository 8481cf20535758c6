// The interaction record of a connection.
import type { ConnRecord } from '../../model/records/conn.ts';
import type { InteractionRecord } from '../../model/records/interaction.ts';
import type { Interaction, TurnSamples } from './interaction.ts';

const micros = 1e6;
/** With a known protocol, fewer server-opened turns than this say nothing. */
const tellingTurns = 2;

/** Median; undefined without values. */
function median(values: Float64Array): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const wholeMedian = (values: Float64Array): number | undefined => {
  const value = median(values);
  return value === undefined ? undefined : Math.round(value);
};
const seconds = (value: number | undefined): number | undefined => (value === undefined ? undefined : value / micros);

/** Standard deviation over mean; undefined for fewer than two values. */
function variation(values: Float64Array): number | undefined {
  if (values.length < 2) return undefined;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  if (mean === 0) return undefined;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length) / mean;
}

const noValues = new Float64Array(0);
const of = (samples: TurnSamples | null, pick: (samples: TurnSamples) => Float64Array): Float64Array =>
  samples === null ? noValues : pick(samples);

/** The beginning of a request (RFC 9112 §3). */
const requestStart = /^[A-Z]{3,10} \S+ HTTP\/1\./;

/** A request in the clear without its answer: the capture has one direction only, and no analyzer would write a row. */
const isLoneRequest = ({ clientFirst, client }: Interaction): boolean => clientFirst && requestStart.test(client?.head ?? '');

/**
 * Whether the turns are worth a row: both sides spoke, and either nobody knows the protocol or the server led twice; or only a request
 * was seen.
 */
export function isTelling(interaction: Interaction, service: string | undefined): boolean {
  if (interaction.turns === 0) return service === undefined && isLoneRequest(interaction);
  return service === undefined || (interaction.serverPrompted?.count ?? 0) >= tellingTurns;
}

/** @param conn row of the same connection. */
export function interactionRow(interaction: Interaction, conn: ConnRecord): InteractionRecord {
  const { client, server, serverPrompted, clientPrompted } = interaction;
  return {
    ts: conn.ts,
    uid: conn.uid,
    'id.orig_h': conn['id.orig_h'],
    'id.orig_p': conn['id.orig_p'],
    'id.resp_h': conn['id.resp_h'],
    'id.resp_p': conn['id.resp_p'],
    service: conn.service,
    duration: conn.duration ?? 0,
    turns: interaction.turns,
    server_prompted_turns: serverPrompted?.count ?? 0,
    server_bytes_median: wholeMedian(of(serverPrompted, (turns) => turns.openings)),
    client_bytes_median: wholeMedian(of(serverPrompted, (turns) => turns.answers)),
    server_gap_median: seconds(median(of(serverPrompted, (turns) => turns.gaps))),
    server_gap_cv: variation(of(serverPrompted, (turns) => turns.gaps)),
    client_delay_median: seconds(median(of(serverPrompted, (turns) => turns.delays))),
    client_prompted_turns: clientPrompted?.count ?? 0,
    client_turn_bytes_median: wholeMedian(of(clientPrompted, (turns) => turns.openings)),
    server_answer_bytes_median: wholeMedian(of(clientPrompted, (turns) => turns.answers)),
    client_gap_median: seconds(median(of(clientPrompted, (turns) => turns.gaps))),
    client_gap_cv: variation(of(clientPrompted, (turns) => turns.gaps)),
    first_sender: interaction.clientFirst ? 'client' : 'server',
    client_head: client?.head,
    server_head: server?.head,
    client_printable: client?.printable ?? 0,
    server_printable: server?.printable ?? 0,
    client_prompts: client?.prompts ?? 0,
    server_prompts: server?.prompts ?? 0,
    context: conn.context,
  };
}
