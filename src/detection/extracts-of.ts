import { type Extracts, type FieldSpec, valueTypes } from '../core/extracts.ts';

const encoder = new TextEncoder();

/** Every value at a path of an event: arrays are transparent, `*` is any key; arrays and objects are values themselves too. */
function valuesAt(node: unknown, path: readonly string[]): readonly unknown[] {
  if (path.length === 0) return Array.isArray(node) ? [node, ...node.flatMap((item) => valuesAt(item, path))] : [node];
  if (Array.isArray(node)) return node.flatMap((item) => valuesAt(item, path));
  if (typeof node !== 'object' || node === null) return [];
  const [head, ...rest] = path;
  const members = Object.entries(node).filter(([key]) => head === '*' || key === head);
  return members.flatMap(([, value]) => valuesAt(value, rest));
}

function typeOf(value: unknown, text: string): number {
  if (typeof value === 'string') return text.includes('\\') ? valueTypes.escaped : valueTypes.string;
  if (typeof value === 'number') return valueTypes.number;
  if (typeof value === 'boolean') return value ? valueTypes.true : valueTypes.false;
  if (value === null) return valueTypes.null;
  return Array.isArray(value) ? valueTypes.array : valueTypes.object;
}

/**
 * The extracts a scan of the event would give, built the slow way from plain data: for the examples of rules.
 * Path splits of one field may give a value twice; tests of values do not mind.
 */
export function extractsOf(event: unknown, fields: readonly FieldSpec[]): Extracts {
  const found = fields.flatMap((spec, field) =>
    spec.paths.flatMap((path) => valuesAt(event, path).map((value) => ({ field, value }))),
  );
  const texts = found.map(({ value }) => JSON.stringify(value));
  const inner = texts.map((text, i) => (typeof found[i]?.value === 'string' ? text.slice(1, -1) : text));
  const parts = inner.map((text) => encoder.encode(text));
  const starts = new Uint32Array(parts.length);
  const ends = new Uint32Array(parts.length);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0) + 64);
  let at = 0;
  for (const [i, part] of parts.entries()) {
    bytes.set(part, at);
    starts[i] = at;
    at += part.length;
    ends[i] = at;
  }
  return {
    bytes,
    count: found.length,
    fields: Uint16Array.from(found, ({ field }) => field),
    types: Uint8Array.from(found, ({ value }, i) => typeOf(value, inner[i] ?? '')),
    starts,
    ends,
  };
}
