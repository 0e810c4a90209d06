/** Number of edits (insert, delete, replace, swap of neighbours) between two short words. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** `Did you mean "x"?` for the nearest known word, else the list of them. */
export function suggest(word: string, known: readonly string[]): string {
  const ranked = known.map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }));
  ranked.sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  if (best && best.edits <= Math.max(2, word.length / 3)) return `Did you mean "${best.candidate}"?`;
  return known.length === 0 ? 'None is defined here.' : `Known: ${known.join(', ')}.`;
}
