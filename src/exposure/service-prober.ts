// Port: asks an open port who it is. Adapter: probe/.
import type { ServiceEvidence } from '../model/exposure.ts';

export interface ServiceProber {
  /** What the service said; empty when it said nothing. Never throws: a service may do anything. */
  probe(address: string, port: number, signal: AbortSignal): Promise<ServiceEvidence>;
}

/** Longest text kept of a service. */
const maxText = 200;

/** A service's text for people: one line, without control characters, bounded. */
export function spokenText(text: string, limit = maxText): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, limit);
}
