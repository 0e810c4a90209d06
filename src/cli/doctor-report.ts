import type { CheckResult, CheckState } from '../doctor/check-result.ts';
import { pad, printable } from './printable.ts';

export interface ReportOptions {
  readonly columns: number;
  readonly colour: boolean;
}

/** A word for each state: colour is never the only sign. */
const words: Readonly<Record<CheckState, string>> = { ok: 'ok  ', skipped: '–   ', warning: 'warn', failed: 'FAIL' };
const colours: Readonly<Record<CheckState, string>> = { ok: '32', skipped: '2', warning: '33', failed: '1;31' };
const aboutColumns = 20;
const indent = ' '.repeat(8 + aboutColumns);

/** One result for people: state, what it is about, what was seen, and below it what to do. Long texts are wrapped, never cut. */
export function reportLines({ about, state, what, remedy }: CheckResult, { columns, colour }: ReportOptions): string {
  const word = colour ? `\u001b[${colours[state]}m${words[state]}\u001b[0m` : words[state];
  const room = Math.max(40, columns - indent.length);
  const [first = '', ...rest] = wrap(printable(what), room);
  const lines = [`  ${word}  ${pad(printable(about), aboutColumns)}${first}`, ...rest.map((line) => indent + line)];
  if (remedy !== undefined) {
    const [head = '', ...tail] = wrap(printable(remedy), room - 2);
    lines.push(`${indent}→ ${head}`, ...tail.map((line) => `${indent}  ${line}`));
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** The last line: how many of each. */
export function reportSummary(states: readonly CheckState[]): string {
  const count = (state: CheckState): number => states.filter((one) => one === state).length;
  return `${count('ok')} ok, ${count('warning')} warnings, ${count('failed')} failed, ${count('skipped')} not looked at`;
}

/** Breaks at blanks; a word longer than a line stays whole, so that paths can be copied. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
