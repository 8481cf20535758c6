// What every section is made from.
import type { Severity } from '../../model/finding.ts';
import type { Inline } from '../document.ts';
import type { Indicator } from '../indicators.ts';
import type { Investigation } from '../investigation.ts';
import type { Messages } from '../messages/en.ts';
import { translated } from '../messages/index.ts';
import type { Values } from '../values.ts';
import type { Accused } from '../verdict.ts';

export interface SectionContext {
  readonly investigation: Investigation;
  readonly messages: Messages;
  readonly values: Values;
  readonly guilty: readonly Accused[];
  readonly indicators: readonly Indicator[];
}

/** Severity as a word with its colour. */
export const badge = ({ severities }: Messages, severity: Severity): Inline => ({ kind: 'severity', severity, text: severities[severity] });

/** Title of a finding in the report's language. */
export const titleOf = (messages: Messages, title: string): string => translated(messages, title);

/** An address with its name, its label or "ours". */
export function endText({ investigation }: SectionContext, address: string, port?: number): Inline[] {
  const shown = port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const label =
    investigation.knownAs(address) ?? (investigation.isOurs(address) ? undefined : investigation.observations.nameOf.get(address));
  return label === undefined ? [shown] : [shown, { kind: 'muted', text: ` ${label}` }];
}

/** Id of a finding's card. */
export const anchorOf = (id: string): string => `finding-${id.replace(/[^\w-]/g, '')}`;
