// Lists of which there are very many and which are short: a plain `push` makes room for 16 more with the second element, and so does a spread.

const shortLength = 8;

/** The list with the value at its end; to be stored in place of the old one, which may be the same. */
export function appended<T>(list: T[], value: T): T[] {
  if (list.length < shortLength) return list.concat([value]);
  list.push(value);
  return list;
}
