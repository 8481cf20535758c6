// Lines for terminals; the words are those of the report.
export { changeCounts, changeLine, portLine } from '../../report/exposure/exposure-lines.ts';
