import { channels } from '../../src/telemetry/channels.ts';

/** Labels that a scrape or a histogram adds. */
const added = ['instance', 'job', 'le'];

/** The one histogram, which is no channel. */
const answers = { name: 'auditveil_answer_seconds', labels: ['source'], series: ['bucket', 'sum', 'count'] };

/** `Labels: sink, result (delivered, …).` → sink, result: how channels.ts says which labels a metric has. */
function labelsOf(about: string): readonly string[] {
  const [, list] = /Labels?: (.*?)\.?$/.exec(about) ?? [];
  return list === undefined ? [] : list.replaceAll(/ \([^)]*\)/g, '').split(', ');
}

/** Every metric of the program with its labels. */
export const metrics: ReadonlyMap<string, readonly string[]> = new Map([
  ...channels.map(({ name, about }) => [name, labelsOf(about)] as const),
  ...answers.series.map((series) => [`${answers.name}_${series}`, answers.labels] as const),
]);

/** @returns what a PromQL expression, and texts made of its labels, name that does not exist */
export function unknownIn(expression: string, texts: readonly string[] = []): readonly string[] {
  const wrong: string[] = [];
  const all = new Set(added);
  for (const [, name = '', selector = ''] of expression.matchAll(/\b(auditveil_\w+)(?:\{([^}]*)\})?/g)) {
    const labels = metrics.get(name);
    if (!labels) wrong.push(`metric ${name}`);
    for (const label of labels ?? []) all.add(label);
    for (const [, label = ''] of selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g))
      if (![...added, ...(labels ?? [])].includes(label)) wrong.push(`label ${label} of ${name}`);
  }
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  const shown = texts.flatMap((text) => [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label = '']) => label));
  for (const label of [...grouped, ...shown]) if (!all.has(label)) wrong.push(`label ${label}`);
  // What is grouped away cannot be shown.
  if (grouped.length > 0) for (const label of shown) if (!grouped.includes(label)) wrong.push(`label ${label}, grouped away`);
  return wrong;
}

/** The metrics that an expression names. */
export const metricsIn = (expression: string): readonly string[] =>
  [...expression.matchAll(/\bauditveil_\w+/g)].map(([name]) => name);
