import { column, connectionColumns, contextColumn, defineRecord, type RowOf, required } from './record.ts';

/** Something that a protocol should not do; a counted fact, never a failure. */
export const weird = defineRecord('weird', 'Something that a protocol should not do; a counted fact, never a failure.', {
  ...connectionColumns,
  name: required('string', 'Name of what happened.'),
  addl: column('string', 'Further facts.'),
  notice: required('bool', 'Whether it became a notice.'),
  peer: column('string', 'Node that saw it.'),
  source: column('string', 'Analyzer that saw it.'),
  ...contextColumn,
});

export type WeirdRecord = RowOf<typeof weird>;
