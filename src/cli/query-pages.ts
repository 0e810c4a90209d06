import { queryViews } from '../store/query-views.ts';
import { readyQuestions } from '../store/ready-questions.ts';
import { table } from './table.ts';

/** The ready questions, a line each. */
export function questionList(columns: number): string {
  const rows = readyQuestions.map(({ name, about, needsUser }) => [name, needsUser ? `${about} (needs --user)` : about]);
  return `${table(rows, columns)}\n`;
}

/** The tables that SQL can ask for, with their columns. */
export function schemaPage(columns: number): string {
  return queryViews
    .map(({ name, about, columns: all }) => {
      const rows = all.map((column) => [`  ${column.name}`, column.about]);
      return `${name}: ${about}\n${table(rows, columns)}\n`;
    })
    .join('\n');
}
