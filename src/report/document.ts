// The report as a tree of blocks, written once and rendered as HTML and as Markdown. Text in it is plain: each renderer escapes
// for its own format, so nothing that an attacker wrote can become markup.
import type { Severity } from '../model/finding.ts';

/** A piece of a line. A bare string is text. */
export type Inline =
  | string
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string; readonly whole?: boolean }
  | { readonly kind: 'muted'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: string }
  | { readonly kind: 'severity'; readonly severity: Severity; readonly text: string }
  | { readonly kind: 'tag'; readonly tone: Tone; readonly text: string };

/** How a statement should feel: what colour it gets, where there are colours. */
export type Tone = 'bad' | 'warn' | 'good' | 'neutral';

export type Line = Inline | readonly Inline[];

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3 | 4; readonly text: Line; readonly id?: string }
  | { readonly kind: 'paragraph'; readonly text: Line }
  | { readonly kind: 'list'; readonly ordered?: boolean; readonly items: readonly Line[] }
  | {
      readonly kind: 'table';
      readonly caption?: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly Line[])[];
      /** Columns (from 0) whose values are numbers. */
      readonly numeric?: readonly number[];
    }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: Line])[] }
  | { readonly kind: 'code'; readonly text: string; readonly label?: string }
  | { readonly kind: 'picture'; readonly svg: string; readonly caption: string }
  | { readonly kind: 'verdict'; readonly tone: Tone; readonly headline: string; readonly body: readonly Block[] }
  | { readonly kind: 'card'; readonly tone: Tone | Severity; readonly body: readonly Block[] }
  | { readonly kind: 'details'; readonly summary: string; readonly body: readonly Block[]; readonly open?: boolean };

export interface Document {
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  readonly contents: { readonly label: string; readonly entries: readonly { readonly id: string; readonly text: string }[] };
  readonly blocks: readonly Block[];
  readonly footer: string;
}

export const strong = (text: string): Inline => ({ kind: 'strong', text });
export const code = (text: string): Inline => ({ kind: 'code', text });
/** Code that is never broken over lines: an identifier. */
export const wholeCode = (text: string): Inline => ({ kind: 'code', text, whole: true });
export const muted = (text: string): Inline => ({ kind: 'muted', text });

/** A paragraph. */
export const paragraph = (...text: readonly Inline[]): Block => ({ kind: 'paragraph', text });
/** A heading of a section or below. */
export const heading = (level: 2 | 3 | 4, text: Line, id?: string): Block => ({
  kind: 'heading',
  level,
  text,
  ...(id !== undefined && { id }),
});
