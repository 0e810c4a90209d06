/** Sums of a list and all that stand before it, for each: the last is the whole. */
export function stacked(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const sums: number[][] = [];
  for (const list of lists) {
    const below = sums.at(-1);
    sums.push(list.map((value, i) => value + (below?.[i] ?? 0)));
  }
  return sums;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
