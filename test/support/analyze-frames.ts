// Frames through the whole program: a capture file, its reader, engine and detectors, and the logs that were written.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordName, RecordRow } from '../../src/model/records/index.ts';
import type { AnalyzeRequest, AnalyzeResult } from '../../src/workflows/analyze.ts';
import { pcapFile } from '../build/pcap.ts';
import type { TimedFrame } from '../build/segments.ts';
import { analyzeHere } from './analyze-here.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface FramesResult extends AnalyzeResult {
  /** Rows of a log as they were written; [] when there is none. Times are seconds. */
  logged<N extends RecordName>(name: N): readonly RecordRow<N>[];
}

/** Analyses one capture for each list of frames. The caller's file must say `removeTemporaryFolders()`. */
export async function analyzeFrames(
  captures: readonly (readonly TimedFrame[])[],
  request: Partial<AnalyzeRequest> = {},
): Promise<FramesResult> {
  const folder = temporaryFolder();
  const paths = captures.map((frames, i) => {
    const path = join(folder, `capture-${i}.pcap`);
    const packets = frames.map(({ at, frame, wire }) => ({ time: at, bytes: frame, ...(wire !== undefined && { wire }) }));
    writeFileSync(path, pcapFile(packets));
    return path;
  });
  const outDirectory = join(folder, 'out');
  const result = await analyzeHere(paths, { outDirectory, format: 'json', ...request });
  return {
    ...result,
    logged: <N extends RecordName>(name: N): readonly RecordRow<N>[] => {
      const path = join(outDirectory, `${name}.log`);
      if (!existsSync(path)) return [];
      const lines = readFileSync(path, 'utf8').split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RecordRow<N>);
    },
  };
}
