/** Words that may stand in braces in the name of an index. */
export type IndexWord = 'content' | 'date' | 'month' | 'year';

/**
 * Name of the index of a record: made from its event time only, so that a repeat lands where it was before. UTC.
 * The pattern is literal text of the configuration and words in braces; nothing of an event but its time goes into it.
 */
export function indexName(pattern: string, content: string, timeUs: number): string {
  const day = new Date(Math.max(0, timeUs) / 1000).toISOString().slice(0, 10).replaceAll('-', '.');
  const words: Readonly<Record<IndexWord, string>> = { content, date: day, month: day.slice(0, 7), year: day.slice(0, 4) };
  return pattern.replace(/\{(\w+)\}/g, (_, word: IndexWord) => words[word]);
}

/** What matches every index that the pattern can name. */
export function indexPattern(pattern: string, content: string): string {
  return pattern.replaceAll('{content}', content).replace(/\{\w+\}/g, '*');
}
