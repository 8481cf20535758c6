// Which word was probably meant.

/** Changes of one letter between two words. Wagner and Fischer 1974; words here are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++) {
      const change = (row[k - 1] ?? 0) + (a[i - 1] === b[k - 1] ? 0 : 1);
      next.push(Math.min(change, (row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The one of `words` that is near; undefined when none is. Case, hyphens and underscores do not count. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replace(/[-_]/g, '').slice(0, 60);
  const [best] = words.map((one) => ({ one, far: distance(plain, one.toLowerCase()) })).sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= Math.max(2, best.one.length / 3) ? best.one : undefined;
}
