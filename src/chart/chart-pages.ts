import { stringify } from 'yaml';
import type { SchemaPart } from './chart-schema.ts';

/** A part that has values of its own below it; one with a default is a value, whatever it holds. */
const isSection = (part: SchemaPart): boolean => part.properties !== undefined && part.default === undefined;

const opening = `# Values of the chart and their defaults. Made from src/chart (npm run docs), like values.schema.json, which checks them.
`;

/** values.yaml: each value with its default, and its meaning above it. */
export function valuesFile(schema: SchemaPart): string {
  return `${opening}\n${section(schema, '')}`;
}

function section(part: SchemaPart, indent: string): string {
  return Object.entries(part.properties ?? {})
    .filter(([key]) => key !== 'global')
    .map(([key, value]) => {
      const about = `${indent}# ${value.description ?? ''}\n`;
      if (isSection(value)) return `${about}${indent}${key}:\n${section(value, `${indent}  `)}`;
      return about + stringify({ [key]: value.default }, { lineWidth: 0 }).replaceAll(/^(?=.)/gm, indent);
    })
    .join('');
}

/** The table of values in the chart's README. */
export function valuesTable(schema: SchemaPart): string {
  return `| value | kind | default | meaning |\n|---|---|---|---|\n${rows(schema, '').join('\n')}\n`;
}

function rows(part: SchemaPart, prefix: string): readonly string[] {
  return Object.entries(part.properties ?? {}).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    if (isSection(value)) return rows(value, `${name}.`);
    const meaning = (value.description ?? '').replaceAll('|', '\\|');
    return [`| \`${name}\` | ${kind(value)} | \`${JSON.stringify(value.default)}\` | ${meaning} |`];
  });
}

function kind({ type, enum: choices, minimum, maximum }: SchemaPart): string {
  if (choices) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  if (type === 'array') return 'list';
  if (type === 'object') return 'map';
  if (type === 'boolean') return '`true`, `false`';
  if (type !== 'integer') return 'text';
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return `whole number ≥ ${minimum ?? 0}${isBounded ? `, ≤ ${maximum}` : ''}`;
}

/** Where the table stands in the README; the rest of that page is written by hand. */
const marks = ['<!-- values: made by npm run docs -->\n', '<!-- end of values -->'] as const;

/** @returns the page with the table of today in its place. @throws where the marks are gone */
export function withTable(page: string, table: string): string {
  const from = page.indexOf(marks[0]);
  const to = page.indexOf(marks[1]);
  if (from < 0 || to < from) throw new Error(`the README of the chart has no ${marks[0].trim()} before ${marks[1]}`);
  return page.slice(0, from) + marks[0] + table + page.slice(to);
}
