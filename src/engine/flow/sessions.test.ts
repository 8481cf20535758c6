import { describe, expect, it } from 'vitest';
import { bytesOfLatin1 } from '../../base/bytes.ts';
import type { Analyzer } from '../analyzers/analyzer.ts';
import { AnalyzerBook } from './analyzer-book.ts';
import { type Connection, Transport } from './connection.ts';
import type { SessionHost } from './session-host.ts';
import { Sessions } from './sessions.ts';

const nowhere = { transports: ['tcp'], ports: {}, spec: '' } as const;

/** Notes what it is given. */
const listener = (name: string, heard: string[], mark: string): Analyzer => ({
  ...nowhere,
  name,
  probe: (_, bytes, start, end) => (bytes.latin1(start, end).startsWith(mark) ? 'yes' : 'no'),
  open: () => ({ onBytes: (_, bytes, start, end) => void heard.push(`${name} ${bytes.latin1(start, end)}`), onClose: () => {} }),
});

/** Hands over what stands behind a full stop, to the analyzer called `to`. */
const opener = (heard: string[], to: string | undefined): Analyzer => ({
  ...nowhere,
  name: 'opener',
  ports: { tcp: [80] },
  probe: () => 'no',
  open: (flow) => ({
    onBytes(_, bytes, start, end) {
      heard.push(`opener ${bytes.latin1(start, end)}`);
      const at = bytes.u8.indexOf(0x2e, start);
      if (at !== -1) flow.handOver(to, at + 1);
    },
    onClose: () => {},
  }),
});

function hear(to: string | undefined, segments: readonly string[]): string[] {
  const heard: string[] = [];
  const book = new AnalyzerBook([opener(heard, to), listener('inner', heard, 'in')], 'tcp');
  const connection = { serverPort: 80, transport: Transport.tcp, service: '' } as unknown as Connection;
  const failed = (_: string, error: unknown): never => {
    throw error;
  };
  const sessions = new Sessions(connection, { book: () => book, failed } as unknown as SessionHost, undefined);
  for (const segment of segments) {
    const bytes = bytesOfLatin1(segment);
    sessions.onBytes(true, bytes, 0, segment.length, 1);
  }
  sessions.onClose(2);
  return heard;
}

describe('a hand-over inside a segment', () => {
  it('gives the rest to the named analyzer, once', () => {
    expect(hear('inner', ['out', 'out.anything', 'more'])).toEqual(['opener out', 'opener out.anything', 'inner anything', 'inner more']);
  });

  it('recognises the rest by its content', () => {
    expect(hear(undefined, ['out.inside', 'more'])).toEqual(['opener out.inside', 'inner inside', 'inner more']);
  });

  it('begins with the next bytes when nothing is left', () => {
    expect(hear('inner', ['out.', 'more'])).toEqual(['opener out.', 'inner more']);
  });
});
