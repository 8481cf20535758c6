// The attacks in records: HTTP requests, and the first words of connections in other protocols.
import type { HttpRecord } from '../../model/records/http.ts';
import type { InteractionRecord } from '../../model/records/interaction.ts';
import { inspectRequest, type RequestSign } from './inspect-request.ts';
import { inspectText } from './inspect-text.ts';
import { requestIn } from './raw-request.ts';

const nothing: readonly RequestSign[] = [];

/** Several detectors ask about the same row, one after the other: the last answer is kept. */
let asked: { readonly row: HttpRecord | InteractionRecord; readonly signs: readonly RequestSign[] } | undefined;

function rememberedFor<R extends HttpRecord | InteractionRecord>(
  row: R,
  inspect: (row: R) => readonly RequestSign[],
): readonly RequestSign[] {
  if (asked?.row !== row) asked = { row, signs: inspect(row) };
  return asked.signs;
}

/** The attacks in a request, gravest first. */
export const signsInRequest = (row: HttpRecord): readonly RequestSign[] => rememberedFor(row, inspectRequest);

const streamFamilies = new Set(['look-up', 'reverse-shell']);

/**
 * The attacks in what the client of a connection said first: text protocols without an analyzer, and HTTP of which only one direction
 * was seen. What else is said in the clear may be people talking, or an honest shell: only what no person would say counts.
 */
export const signsInStream = (row: InteractionRecord): readonly RequestSign[] => rememberedFor(row, inspectStream);

function inspectStream(row: InteractionRecord): readonly RequestSign[] {
  if (row.client_head === undefined || row.first_sender !== 'client') return nothing;
  const request = requestIn(row.client_head);
  if (request !== undefined) return row.service?.includes('http') === true ? nothing : inspectRequest(request);
  return inspectText(row.client_head, 'stream')
    .filter(({ family }) => streamFamilies.has(family))
    .map((sign) => ({ ...sign, endpoint: row.service ?? `port ${row['id.resp_p']}`, place: 'stream' }));
}
