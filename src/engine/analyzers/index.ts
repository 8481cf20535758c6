// The explicit list of analyzers.
import type { Analyzer } from './analyzer.ts';

export const analyzers: readonly Analyzer[] = [];
