import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';

/**
 * Lists of values by name; a `%name%` in a value with `expand` stands for each of them. An empty list is declared and waits
 * to be filled.
 */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

export interface ExpandOptions {
  /** How a value of a list is put into the text. */
  readonly written?: (value: string) => string;
  /** Told of a list that waits to be filled; the value then stands for no text. */
  readonly empty?: (name: string) => void;
}

/** A value with several placeholders is multiplied out; more texts than this are a mistake. */
const mostTexts = 10_000;

/**
 * The texts a value stands for: every `%name%` replaced by each value of its list; `\%` is a plain percent sign. Values
 * of lists are Sigma strings: their wildcards count.
 * @throws Fault E_RULE_PLACEHOLDER where a list is not defined
 */
export function expandPlaceholders(text: string, placeholders: Placeholders, options: ExpandOptions = {}): readonly string[] {
  const { written = String, empty } = options;
  const parts = text.split(/((?<!\\)%\w+%)/);
  let texts: readonly string[] = [''];
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 0) {
      const plain = part.replaceAll('\\%', '%');
      texts = texts.map((before) => before + plain);
      continue;
    }
    const name = part.slice(1, -1);
    const values = listOf(name, placeholders).map(written);
    if (values.length === 0) empty?.(name);
    texts = texts.flatMap((before) => values.map((value) => before + value));
    if (texts.length > mostTexts)
      throw new Fault(`the placeholders stand for more than ${mostTexts} texts`, { code: 'E_RULE_PLACEHOLDER' });
  }
  return texts;
}

function listOf(name: string, placeholders: Placeholders): readonly string[] {
  const values = placeholders.get(name);
  if (values) return values;
  const remedy = `Give it in a rule file: placeholders: { ${name}: [value, value] }. ${placeholders.size > 0 ? didYouMean(name, [...placeholders.keys()]) : ''}`;
  throw new Fault(`the placeholder %${name}% is not defined`, { code: 'E_RULE_PLACEHOLDER', remedy: remedy.trim() });
}

/** A text as it stands in an expression, every character itself. */
export function literalExpression(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
