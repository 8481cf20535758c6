// HTTP/1 (and 0.9): requests with their responses, and the files they carry.
import type { Analyzer, Verdict } from '../analyzer.ts';
import { HttpSession } from './http-session.ts';
import { beginsLikeRequest, beginsLikeResponse } from './request-line.ts';
import { TransactionBook } from './transaction-book.ts';

const verdict = (answer: boolean | undefined): Verdict => (answer === undefined ? 'more' : answer ? 'yes' : 'no');

function create(book: TransactionBook): Analyzer {
  return {
    name: 'http',
    transports: ['tcp'],
    ports: { tcp: [80, 81, 631, 1080, 3128, 8000, 8080, 8888] },
    spec: 'RFC 9110, RFC 9112',
    probe(fromClient, bytes, start, end) {
      return verdict(fromClient ? beginsLikeRequest(bytes, start, end) : beginsLikeResponse(bytes.u8, start, end));
    },
    open: (flow) => new HttpSession(flow, book),
  };
}

export const http: Analyzer = { ...create(new TransactionBook()), instance: () => create(new TransactionBook()) };
