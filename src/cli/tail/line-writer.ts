import type { Finding, FindingFormat, Severity } from '../../core/finding.ts';
import { severities } from '../../core/finding.ts';
import type { Pattern } from '../../scan/pattern.ts';
import { findingFormatter } from '../finding-formatter.ts';
import { prettyFinding } from '../pretty-finding.ts';
import { asciiLine, asciiText, fitLine, terminalText } from '../styled-line.ts';
import type { ZoneClock } from '../zone-clock.ts';
import { findingLine } from './finding-line.ts';
import { highlight } from './highlight.ts';
import type { OutputShape } from './tail-options.ts';

export interface LineOptions {
  readonly shape: OutputShape;
  /** Undefined: nothing is cut. */
  readonly columns: number | undefined;
  readonly colour: boolean;
  readonly ascii: boolean;
  readonly clock: ZoneClock;
  readonly highlight: readonly Pattern[];
  readonly nowMs: () => number;
}

/** Width that `pretty` aligns to where nothing is cut. */
const wideColumns = 200;

/** Writes findings as text, each with its line end. */
export async function lineWriter(options: LineOptions): Promise<(finding: Finding) => string> {
  const { shape, ascii } = options;
  const text = await textOf(options);
  // JSON is ASCII's business of whoever reads it.
  const isForPeople = shape.name === 'compact' || shape.name === 'pretty' || shape.name === 'template';
  return (finding) => `${ascii && isForPeople ? plain(text(finding)) : text(finding)}\n`;
}

/** Colours of ours stay. */
const plain = (text: string): string => text.split('\u001b').map(asciiText).join('\u001b');

async function textOf(options: LineOptions): Promise<(finding: Finding) => string> {
  const { shape, columns, colour, ascii, clock, nowMs } = options;
  switch (shape.name) {
    case 'template':
      return shape.render;
    case 'pretty':
      return (finding) => prettyFinding(finding, { columns: columns ?? wideColumns, colour, date: true, clock });
    case 'compact':
      return (finding) => {
        const today = clock.show(new Date(nowMs()).toISOString()).date;
        const found = findingLine(finding, { columns, clock, today });
        // Before it is fitted: numbers are longer than what they stand for.
        const line = ascii ? asciiLine(found) : found;
        const fitted = columns === undefined ? line : fitLine(line, columns);
        return terminalText(colour ? highlight(fitted, options.highlight) : fitted, colour).trimEnd();
      };
    default:
      return findingFormatter(formatOf(shape.name));
  }
}

const formatOf = (name: 'json' | Exclude<FindingFormat, 'native'>): FindingFormat => (name === 'json' ? 'native' : name);

/** The gravest finding that went by, for an exit code. */
export class Gravest {
  #index = -1;

  add({ rule }: Finding): void {
    this.#index = Math.max(this.#index, severities.indexOf(rule.severity));
  }

  isAtLeast(severity: Severity): boolean {
    return this.#index >= severities.indexOf(severity);
  }
}
