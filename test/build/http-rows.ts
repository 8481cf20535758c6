// HTTP requests as detectors read them.
import type { HttpRecord } from '../../src/model/records/http.ts';
import { type LogRow, secondsIn } from './rows.ts';

/** A request of `from` (`address:port`) to `to`, answered 200 with 100 bytes; `values` changes what it names. */
export function http(seconds: number, from: string, to: string, uri: string, values: Partial<HttpRecord> = {}): LogRow<'http'> {
  const [client = '', clientPort] = from.split(':');
  const [server = '', serverPort] = to.split(':');
  return {
    log: 'http',
    row: {
      ts: secondsIn(seconds),
      uid: `H${seconds}-${from}-${to}`,
      'id.orig_h': client,
      'id.orig_p': Number(clientPort),
      'id.resp_h': server,
      'id.resp_p': Number(serverPort),
      trans_depth: 1,
      method: 'GET',
      host: to,
      uri,
      version: '1.1',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0',
      request_body_len: values.post_body?.length ?? 0,
      response_body_len: 100,
      status_code: 200,
      status_msg: 'OK',
      tags: [],
      ...values,
    },
  };
}
