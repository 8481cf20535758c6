// Port: where cases are kept. Adapter: case-directory/.
import type { Case, CaseEvent, JournalledEvent } from '../model/case.ts';
import type { Finding } from '../model/finding.ts';

/** An event with who and when, before it is in a journal. */
export type NewEvent = CaseEvent & Pick<JournalledEvent, 'who' | 'host' | 'at'>;

/**
 * Cases by id. Journals are append-only and hash-chained; many processes may write to one at a time, and no event is lost.
 * All methods throw `VedetteError`: `case-unknown`, `case-damaged`, `case-busy`, `input-unreadable`, `output-unwritable`.
 */
export interface CaseStore {
  readonly path: string;
  /** Makes a case with a new id, `case-YYYY-NNN`; `files` are kept with it as they are. */
  create(event: NewEvent & { readonly event: 'created' }, files: Readonly<Record<string, string>>): Promise<Case>;
  list(): Promise<readonly Case[]>;
  get(id: string): Promise<Case>;
  /**
   * Adds what `decide` makes of the case as it is at that moment; it is called again when another process was faster, and may
   * refuse by throwing.
   */
  append(id: string, decide: (current: Case) => NewEvent): Promise<Case>;
  /** The findings of a case, as they were when it was made. */
  findings(id: string): Promise<readonly Finding[]>;
  /** A file kept with the case; undefined when there is none. */
  file(id: string, name: string): Promise<string | undefined>;
  /** The journal as it is kept: hash-chained NDJSON. */
  journal(id: string): Promise<string>;
}
