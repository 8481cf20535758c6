import { column, connectionColumns, contextColumn, defineRecord, type RowOf, required } from './record.ts';

/** One DNS query with its response, or one of them alone. */
export const dns = defineRecord('dns', 'One DNS query with its response, or one of them alone.', {
  ...connectionColumns,
  proto: required('enum', 'udp or tcp.'),
  trans_id: required('count', 'Transaction identifier of the message.'),
  rtt: column('interval', 'Seconds from query to response.'),
  query: column('string', 'Name asked for, lower case.'),
  qclass: column('count', 'Class of the question, number.'),
  qclass_name: column('string', 'Class of the question, name.'),
  qtype: column('count', 'Type of the question, number.'),
  qtype_name: column('string', 'Type of the question, name.'),
  rcode: column('count', 'Response code, number; unset without a response.'),
  rcode_name: column('string', 'Response code, name.'),
  AA: column('bool', 'Authoritative answer.'),
  TC: column('bool', 'Truncated.'),
  RD: column('bool', 'Recursion desired.'),
  RA: column('bool', 'Recursion available.'),
  Z: column('count', 'Reserved bits.'),
  answers: column('vector[string]', 'Answers in order, as Zeek prints them.'),
  TTLs: column('vector[interval]', 'Seconds to live, parallel to answers.'),
  rejected: required('bool', 'The server refused the query.'),
  opcode: column('count', 'Operation code, number.'),
  opcode_name: column('string', 'Operation code, name.'),
  ...contextColumn,
});

export type DnsRecord = RowOf<typeof dns>;
