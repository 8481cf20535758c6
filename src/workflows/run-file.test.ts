import { describe, expect, it } from 'vitest';
import { VedetteError } from '../base/errors.ts';
import type { OutputDirectory } from '../store/output-directory.ts';
import type { AnalyzeResult } from './analyze.ts';
import { RunFile } from './run-file.ts';

/** Keeps what was written; `room` is the most that a replacement may hold. */
class FakeDirectory implements OutputDirectory {
  readonly path = '/case';
  readonly written: Record<string, unknown>[] = [];
  readonly room: number;
  constructor(room = Number.POSITIVE_INFINITY) {
    this.room = room;
  }
  openLogs(): never {
    throw new Error('not here');
  }
  releaseRoom(): void {}
  write(_: string, content: string): void {
    this.written.push(JSON.parse(content) as Record<string, unknown>);
  }
  begin(name: string, content: string): void {
    this.write(name, content);
  }
  replace(name: string, content: string): void {
    if (content.length > this.room) throw new VedetteError('output-unwritable', { path: `${this.path}/${name}`, reason: 'ENOSPC' });
    this.write(name, content);
  }
}

const request = { inputs: ['a.pcap'], force: false, format: 'tsv', local: [], known: [], tune: {}, language: 'en' } as const;
const input = { source: 'a.pcap', format: 'pcap', compression: 'none', bytes: 9, packets: 3, truncatedPackets: 0, damages: [] } as const;
const result: AnalyzeResult = {
  findings: [],
  inputs: [input],
  partial: undefined,
  counters: { weirds: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`weird_${i}`, i])) },
  rows: { conn: 2 },
  firstAt: 0,
  lastAt: 1e15,
  outDirectory: '/case',
  summary: [],
};
const run = { version: '1', started: new Date(0) };

describe('RunFile', () => {
  it('says that it runs until it says how it ended', () => {
    const output = new FakeDirectory();
    const file = new RunFile(output, request, run);
    file.begin([input]);
    file.end(result, new Date(1500));
    expect(output.written).toMatchObject([
      { schema: 1, version: '1', partial: 'running', inputs: [{ source: 'a.pcap' }] },
      { schema: 1, seconds: 1.5, partial: false, inputs: [input], rows: { conn: 2 }, firstAt: null, lastAt: '2001-09-09T01:46:40.000000Z' },
    ]);
    // What nobody counted yet is not claimed.
    expect(output.written[0]?.['inputs']).toEqual([{ source: 'a.pcap' }]);
  });

  it('says that it is partial where there is no room for all that was counted', () => {
    const output = new FakeDirectory(2000);
    const file = new RunFile(output, request, run);
    file.begin([input]);
    expect(() => file.end(result, new Date(1500))).toThrow(/cannot be written/);
    expect(output.written[1]).toMatchObject({ schema: 1, seconds: 1.5, findings: 0, partial: expect.stringContaining('ENOSPC') });
  });
});
