// One request with its response, while it is known in parts; becomes a row of http.log.
import type { EpochMicros } from '../../../base/units.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import type { Flow } from '../analyzer.ts';

/** Files of one side that a row names; Zeek's `HTTP::max_files_orig` and `max_files_resp`. */
const maxFiles = 15;
const noTags: readonly string[] = [];

/** Files of one side. */
export class FileList {
  fuids: string[] | undefined;
  names: string[] | undefined;
  types: string[] | undefined;

  add(fuid: string, name: string | undefined): void {
    this.fuids ??= [];
    if (this.fuids.length >= maxFiles) return;
    this.fuids.push(fuid);
    if (name === undefined) return;
    this.names ??= [];
    this.names.push(name);
  }

  addType(type: string): void {
    this.types ??= [];
    if (this.types.length < maxFiles) this.types.push(type);
  }
}

export class Transaction {
  readonly at: EpochMicros;
  readonly depth: number;
  method: string | undefined;
  host: string | undefined;
  uri: string | undefined;
  referrer: string | undefined;
  version: string | undefined;
  userAgent: string | undefined;
  origin: string | undefined;
  requestLength = 0;
  responseLength = 0;
  statusCode: number | undefined;
  statusMessage: string | undefined;
  infoCode: number | undefined;
  infoMessage: string | undefined;
  username: string | undefined;
  proxied: string[] | undefined;
  readonly requestFiles = new FileList();
  readonly responseFiles = new FileList();
  /** The request asked for a range: files of the response are parts of one file. */
  isRange = false;
  /** File name of the entity that is being read. */
  entityName: string | undefined;
  postBody: string | undefined;
  suspiciousHeaders: string[] | undefined;
  snippet: string | undefined;

  constructor(at: EpochMicros, depth: number) {
    this.at = at;
    this.depth = depth;
  }

  /** The last response was informational: the real one is to come. */
  get isInformational(): boolean {
    return this.statusCode !== undefined && this.statusCode >= 100 && this.statusCode <= 199;
  }

  filesOf(fromClient: boolean): FileList {
    return fromClient ? this.requestFiles : this.responseFiles;
  }

  row(flow: Flow): HttpRecord {
    const { requestFiles, responseFiles } = this;
    return {
      ts: this.at,
      uid: flow.uid,
      'id.orig_h': flow.clientAddress,
      'id.orig_p': flow.clientPort,
      'id.resp_h': flow.serverAddress,
      'id.resp_p': flow.serverPort,
      trans_depth: this.depth,
      method: this.method,
      host: this.host,
      uri: this.uri,
      referrer: this.referrer,
      version: this.version,
      user_agent: this.userAgent,
      origin: this.origin,
      request_body_len: this.requestLength,
      response_body_len: this.responseLength,
      status_code: this.statusCode,
      status_msg: this.statusMessage,
      info_code: this.infoCode,
      info_msg: this.infoMessage,
      tags: noTags,
      username: this.username,
      password: undefined,
      proxied: this.proxied,
      orig_fuids: requestFiles.fuids,
      orig_filenames: requestFiles.names,
      orig_mime_types: requestFiles.types,
      resp_fuids: responseFiles.fuids,
      resp_filenames: responseFiles.names,
      resp_mime_types: responseFiles.types,
      post_body: this.postBody,
      request_headers: this.suspiciousHeaders,
      resp_snippet: this.snippet,
      context: flow.context,
    };
  }
}
