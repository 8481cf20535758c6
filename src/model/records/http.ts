import { column, connectionColumns, contextColumn, defineRecord, ours, type RowOf, required } from './record.ts';

/** One HTTP request with its response. */
export const http = defineRecord('http', 'One HTTP request with its response.', {
  ...connectionColumns,
  trans_depth: required('count', '1 for the first request of the connection, counting up.'),
  method: column('string', 'Request method.'),
  host: column('string', 'Host header.'),
  uri: column('string', 'Request target, percent-decoded once.'),
  referrer: column('string', 'Referer header.'),
  version: column('string', 'Version of the response line.'),
  user_agent: column('string', 'User-Agent header.'),
  origin: column('string', 'Origin header.'),
  request_body_len: required('count', 'Bytes of the request body, after decompression.'),
  response_body_len: required('count', 'Bytes of the response body, after decompression.'),
  status_code: column('count', 'Status code of the final response.'),
  status_msg: column('string', 'Reason phrase of the final response.'),
  info_code: column('count', 'Status code of the last 1xx response.'),
  info_msg: column('string', 'Reason phrase of the last 1xx response.'),
  tags: required('set[enum]', 'Marks put on the request.'),
  username: column('string', 'User name of basic authentication.'),
  password: column('string', 'Password of basic authentication; unset by default.'),
  proxied: column('set[string]', 'Headers that name a proxy.'),
  orig_fuids: column('vector[string]', 'Files of the request.'),
  orig_filenames: column('vector[string]', 'File names of the request.'),
  orig_mime_types: column('vector[string]', 'Content types of the request files, by content.'),
  resp_fuids: column('vector[string]', 'Files of the response.'),
  resp_filenames: column('vector[string]', 'File names of the response.'),
  resp_mime_types: column('vector[string]', 'Content types of the response files, by content.'),
  post_body: ours('string', 'First bytes of the request body (at most 4096), printable.'),
  request_headers: ours('vector[string]', 'Request headers whose values carry shell or look-up syntax, as `name: value`.'),
  resp_snippet: ours('string', 'First bytes of a textual response body (at most 256), printable.'),
  ...contextColumn,
});

export type HttpRecord = RowOf<typeof http>;
