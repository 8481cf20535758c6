// The explicit list of detectors. Those that join findings of others come last.
import type { Detector } from '../detector.ts';

export const detectors: readonly Detector[] = [];
