import { columnsOf, printable } from '../printable.ts';
import type { Key } from './keys.ts';

/** More than people write on one line. */
const longest = 500;

/** A line that is being written: the cursor stands at its end. */
export interface TextField {
  readonly label: string;
  readonly text: string;
}

/** What a key makes of a field; undefined where it is no key of writing. */
export function editField(field: TextField, key: Key): TextField | undefined {
  if (key.type === 'text') return { ...field, text: (field.text + key.text).slice(0, longest) };
  switch (key.name) {
    case 'backspace':
      return { ...field, text: [...field.text].slice(0, -1).join('') };
    case 'ctrl-u':
      return { ...field, text: '' };
    case 'ctrl-w':
      return { ...field, text: field.text.replace(/\S*\s*$/, '') };
    default:
      return undefined;
  }
}

/** The field in so many columns: its end stays in view. */
export function fieldText({ label, text }: TextField, columns: number): string {
  const room = Math.max(1, columns - columnsOf(label) - 2);
  let shown = printable(text);
  while (columnsOf(shown) > room) shown = [...shown].slice(1).join('');
  return `${label}${shown}_`;
}
