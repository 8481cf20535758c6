// Which word was probably meant.

/** Changes of one letter, or swaps of two neighbours, between two words: optimal string alignment; words here are short. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++) {
      const change = (row[k - 1] ?? 0) + (a[i - 1] === b[k - 1] ? 0 : 1);
      const swap = i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1] ? (before[k - 2] ?? 0) + 1 : change;
      next.push(Math.min(change, swap, (row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

const plain = (word: string): string => word.toLowerCase().replace(/[-_]/g, '').slice(0, 60);

/** The one of `words` that is near; undefined when none is. Case, hyphens and underscores do not count. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const wanted = plain(word);
  const [best] = words
    .map((one) => ({ one, far: distance(wanted, plain(one)), longer: Math.abs(one.length - word.length) }))
    .sort((a, b) => a.far - b.far || a.longer - b.longer);
  return best !== undefined && best.far <= Math.max(2, best.one.length / 3) ? best.one : undefined;
}
