import { utf8Text } from '../../core/byte-text.ts';
import type { ConditionalMask } from './objects.ts';
import { knownStringEnd, skipSpace } from './string-end.ts';
import type { TextDocument } from './text-document.ts';

const [quote, colon, openObject, openList, closeObject, closeList] = [34, 58, 123, 91, 125, 93] as const;

/** A name as it is written, in bytes of the document. */
interface Name {
  readonly start: number;
  readonly end: number;
}

/** Leaves strings of an object as they are where its mask makes an exception for them; `document.bytes[start … end)` is the object. */
export function spareMembers(
  document: TextDocument,
  start: number,
  end: number,
  { rule, except, anywhere }: ConditionalMask,
): void {
  if (except === undefined || except.length === 0) return;
  const { bytes } = document;
  const names: Name[] = [];
  /** By open container: how many of the names are of objects around it. */
  const outside: number[] = [];
  for (let at = start; at < end; ) {
    const byte = bytes[at] as number;
    if (byte === openObject || byte === openList) outside.push(names.length);
    else if (byte === closeObject || byte === closeList) names.length = outside.pop() ?? 0;
    if (byte !== quote) {
      at++;
      continue;
    }
    const stop = knownStringEnd(bytes, at + 1);
    const next = skipSpace(bytes, stop + 1, end);
    if (bytes[next] === colon && next < end) {
      names.length = outside.at(-1) ?? 0;
      names.push({ start: at + 1, end: stop });
    } else if (except.some((path) => isAt(path, names, bytes, anywhere === true))) document.spare(at + 1, rule);
    at = next;
  }
}

function isAt(path: readonly string[], names: readonly Name[], bytes: Uint8Array, anywhere: boolean): boolean {
  const first = names.length - path.length;
  if (first < 0 || (first > 0 && !anywhere)) return false;
  return path.every((name, i) => name === '*' || nameOf(names[first + i] as Name, bytes) === name);
}

function nameOf({ start, end }: Name, bytes: Uint8Array): string {
  const text = utf8Text(bytes, start, end);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}
