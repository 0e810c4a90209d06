/** One match of a group: when, which event, and the counted value (or the position of the rule that matched). */
export interface Hit {
  readonly timeUs: number;
  readonly digest: string;
  readonly value: string | number | undefined;
}

const byValue = (a: Hit['value'], b: Hit['value']): number => {
  const left = typeof a === 'number' ? a : String(a ?? '');
  const right = typeof b === 'number' ? b : String(b ?? '');
  return left === right ? 0 : left < right ? -1 : 1;
};

/** A total order that does not depend on arrival: time, then value (rules of a sequence in their order), then event. */
export function compareHits(a: Hit, b: Hit): number {
  if (a.timeUs !== b.timeUs) return a.timeUs - b.timeUs;
  const value = byValue(a.value, b.value);
  if (value !== 0) return value;
  return a.digest === b.digest ? 0 : a.digest < b.digest ? -1 : 1;
}

/** The hit under another id; where it is the id that is counted, that changes with it. */
export function renamed({ timeUs, value }: Hit, from: string, into: string): Hit {
  return { timeUs, digest: into, value: value === from ? into : value };
}

/** Puts a hit into the sorted list. Returns its index, or -1 where the same event is there already. */
export function insertHit(hits: Hit[], hit: Hit): number {
  let low = 0;
  let high = hits.length;
  const last = hits[high - 1];
  if (last && compareHits(last, hit) < 0) low = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareHits(hits[middle] as Hit, hit) < 0) low = middle + 1;
    else high = middle;
  }
  const there = hits[low];
  if (there && compareHits(there, hit) === 0) return -1;
  if (low === hits.length) hits.push(hit);
  else hits.splice(low, 0, hit);
  return low;
}
