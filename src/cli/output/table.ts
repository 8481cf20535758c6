// Tables and facts on a terminal. Whatever a cloud or the wire named is made safe to look at.
import { visible } from '../../base/visible.ts';

const maxCell = 60;

/** Columns as wide as their widest cell; the last one is not padded. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = [head, ...rows].map((row) => row.map((cell) => visible(cell, maxCell)));
  const widths = head.map((_, i) => Math.max(...shown.map((row) => row[i]?.length ?? 0)));
  return shown
    .map(
      (row) =>
        `${row
          .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** `name  value` lines; empty values are left out. */
export function factsText(facts: readonly (readonly [name: string, value: string | undefined])[], indent = ''): string {
  const told = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined && fact[1] !== '');
  const width = Math.max(0, ...told.map(([name]) => name.length));
  return told.map(([name, value]) => `${indent}${name.padEnd(width)}  ${visible(value)}\n`).join('');
}
