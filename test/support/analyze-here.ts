// Runs the analyze job in this process on paths, as the command line does, without writing anything.
import { compose } from '../../src/compose.ts';
import type { AnalyzeRequest, AnalyzeResult } from '../../src/workflows/analyze.ts';

/** Analyses `inputs` with the shipped defaults; `request` changes what it names. */
export function analyzeHere(inputs: readonly string[], request: Partial<AnalyzeRequest> = {}): Promise<AnalyzeResult> {
  return compose('0.0.0-test').analyze({ inputs, force: false, format: 'tsv', local: [], known: [], tune: {}, language: 'en', ...request });
}
