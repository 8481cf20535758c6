import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMicros } from '../../base/units.ts';
import type { FilesRecord } from '../../model/records/files.ts';
import { nodePlatform } from '../../platform/node-platform.ts';
import type { FileStreamOptions } from './file-stream.ts';
import { type CarryingFlow, Files } from './files.ts';
import { maxBufferedBytes } from './range-buffer.ts';

const flow = (uid = 'C1'): CarryingFlow => ({
  uid,
  clientAddress: '192.0.2.1',
  clientPort: 1024,
  serverAddress: '198.51.100.1',
  serverPort: 80,
  clientIsLocal: true,
  serverIsLocal: false,
  context: undefined,
});
const seconds = (value: number) => epochMicros(value * 1e6);
const options = (more: Partial<FileStreamOptions> = {}): FileStreamOptions => ({
  source: 'HTTP',
  fromClient: false,
  at: seconds(0),
  depth: 0,
  ...more,
});
const text = Buffer.from(Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join(''));

function open(more: { maxShared?: number; hashes?: boolean } = {}): { files: Files; rows: FilesRecord[] } {
  const rows: FilesRecord[] = [];
  return { files: new Files({ platform: nodePlatform, emit: (row) => rows.push(row), ...more }), rows };
}

describe('a file in transfer', () => {
  it('is counted, typed and hashed the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 1, maxLength: 8 }), fc.boolean(), (sizes, isAnnounced) => {
        const { files, rows } = open();
        const file = files.open(flow(), options(isAnnounced ? { totalBytes: text.length } : {}));
        for (let at = 0, i = 0; at < text.length; i++) {
          const end = Math.min(text.length, at + (sizes[i % sizes.length] ?? 1));
          file.push(text, at, end, seconds(1));
          at = end;
        }
        file.close(seconds(2));
        expect(rows).toMatchObject([
          {
            seen_bytes: text.length,
            total_bytes: isAnnounced ? text.length : undefined,
            missing_bytes: 0,
            mime_type: 'text/plain',
            duration: 1,
            timedout: false,
            md5: createHash('md5').update(text).digest('hex'),
            sha1: createHash('sha1').update(text).digest('hex'),
            sha256: createHash('sha256').update(text).digest('hex'),
          },
        ]);
      }),
    );
  });

  it('has SHA-256 alone when it is what pages are made of, however it comes', () => {
    const page = Uint8Array.from(Buffer.from(`<html><body>${'words '.repeat(900)}</body></html>`));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: page.length - 1 }), { maxLength: 5 }), (cuts) => {
        const { files, rows } = open();
        const file = files.open(flow(), options());
        const edges = [0, ...cuts.sort((a, b) => a - b), page.length];
        for (const [i, from] of edges.slice(0, -1).entries()) file.push(page, from, edges[i + 1] ?? 0, seconds(1));
        file.close(seconds(2));
        const sha256 = createHash('sha256').update(page).digest('hex');
        expect(rows).toMatchObject([{ mime_type: 'text/html', analyzers: ['SHA256'], md5: undefined, sha1: undefined, sha256 }]);
      }),
    );
  });

  it('writes its row once, as soon as it is whole', () => {
    const { files, rows } = open();
    const file = files.open(flow(), options({ totalBytes: 10 }));
    file.push(text, 0, 10, seconds(1));
    expect(rows).toHaveLength(1);
    file.push(text, 10, 20, seconds(1));
    file.close(seconds(2));
    file.close(seconds(3));
    expect(rows).toHaveLength(1);
  });

  it('is typed by what came before a hole, and not hashed', () => {
    const { files, rows } = open();
    const file = files.open(flow(), options());
    file.push(text, 0, 100, seconds(0));
    file.gap(50, seconds(1));
    file.push(text, 150, 200, seconds(2));
    file.close(seconds(3));
    expect(rows).toMatchObject([{ seen_bytes: 150, missing_bytes: 50, mime_type: 'text/plain', md5: undefined, analyzers: [] }]);
  });

  it('leaves hashes out where nobody wants them', () => {
    const { files, rows } = open({ hashes: false });
    const file = files.open(flow(), options());
    file.push(text, 0, text.length, seconds(0));
    file.close(seconds(1));
    expect(rows[0]?.sha256).toBeUndefined();
  });

  it('has an id that depends on what it is, not on the run', () => {
    const id = (more: Partial<FileStreamOptions>, uid = 'C1'): string => open().files.open(flow(uid), options(more)).fuid;
    expect(id({})).toBe(id({}));
    expect(id({})).toMatch(/^F[0-9A-Za-z]{10,22}$/);
    expect(
      new Set([id({}), id({ ordinal: 1 }), id({ fromClient: true }), id({ at: seconds(1) }), id({}, 'C2'), id({ handle: 'a' })]).size,
    ).toBe(6);
  });

  it('ends as timed out after two minutes of silence, looked at every two minutes', () => {
    for (const [closedAt, timedout] of [
      [119, false],
      [239, false],
      [241, true],
    ] as const) {
      const { files, rows } = open();
      const file = files.open(flow(), options());
      file.push(text, 0, 10, seconds(100));
      file.close(seconds(closedAt));
      expect(rows[0]?.timedout).toBe(timedout);
    }
  });
});

describe('a file of several connections', () => {
  it('is put together from ranges in any order, with a row a connection', () => {
    const ranges = fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 6 }).chain((cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
      return fc.shuffledSubarray(
        edges.slice(0, -1).map((from, i) => [from, edges[i + 1] ?? 0] as const),
        { minLength: edges.length - 1 },
      );
    });
    fc.assert(
      fc.property(ranges, (order) => {
        const { files, rows } = open();
        for (const [i, [from, to]] of order.entries()) {
          const file = files.open(flow(i % 2 === 0 ? 'C1' : 'C2'), options({ handle: 'h', totalBytes: text.length }));
          expect(file.isNewHere).toBe(i < 2);
          file.seek(from);
          file.push(text, from, to, seconds(1));
        }
        expect(rows.map(({ uid }) => uid)).toEqual(order.length > 1 ? ['C1', 'C2'] : ['C1']);
        expect(rows[0]).toMatchObject({ seen_bytes: text.length, missing_bytes: 0, md5: createHash('md5').update(text).digest('hex') });
      }),
    );
  });

  it('goes on with a hole when too much waits for what does not come', () => {
    const { files, rows } = open({ hashes: false });
    const file = files.open(flow(), options({ handle: 'h' }));
    const block = new Uint8Array(100_000);
    file.seek(1000);
    for (let i = 0; i < 10; i++) file.push(block, 0, block.length, seconds(1));
    files.close(seconds(2));
    expect(maxBufferedBytes).toBeLessThan(1_000_000);
    expect(rows).toMatchObject([{ seen_bytes: 1_000_000, missing_bytes: 1000, overflow_bytes: 1000, timedout: true }]);
  });

  it('is ended by silence, by the end of the capture, and by too many others', () => {
    const { files, rows } = open({ maxShared: 2 });
    files.open(flow(), options({ handle: 'a' })).push(text, 0, 10, seconds(0));
    files.open(flow(), options({ handle: 'b', at: seconds(250) })).push(text, 0, 10, seconds(250));
    expect(rows).toHaveLength(1);
    files.open(flow(), options({ handle: 'c', at: seconds(251) }));
    files.open(flow(), options({ handle: 'd', at: seconds(252) }));
    expect(rows).toHaveLength(2);
    files.close(seconds(253));
    expect(rows.map(({ timedout }) => timedout)).toEqual([true, true, true, true]);
  });
});
