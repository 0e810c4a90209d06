import { LazyList } from './lazy-list.ts';

/** Characters of a piece, at least; the last one may have fewer. */
const pieceCharacters = 64 * 1024;

/** What `JSON.stringify` writes of plain data, in pieces: lists that are made while they are read are never whole in memory. */
export function* jsonPieces(value: unknown): Generator<string> {
  let piece = '';
  for (const part of partsOf(value)) {
    piece += part;
    if (piece.length < pieceCharacters) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function* partsOf(value: unknown): Generator<string> {
  if (value instanceof LazyList) yield* listed('[', itemsOf(value), ']');
  else if (Array.isArray(value)) yield* listed('[', value.map(partsOf), ']');
  else if (typeof value === 'object' && value !== null) yield* listed('{', membersOf(value), '}');
  else yield JSON.stringify(value) ?? 'null';
}

/** One item after the other, each at once. */
function* itemsOf(list: Iterable<unknown>): Generator<Iterable<string>> {
  for (const item of list) yield [JSON.stringify(item) ?? 'null'];
}

function* membersOf(value: object): Generator<Iterable<string>> {
  for (const [name, member] of Object.entries(value) as [string, unknown][])
    if (member !== undefined) yield memberOf(name, member);
}

function* memberOf(name: string, member: unknown): Generator<string> {
  yield `${JSON.stringify(name)}:`;
  yield* partsOf(member);
}

function* listed(open: string, parts: Iterable<Iterable<string>>, close: string): Generator<string> {
  let before = open;
  for (const part of parts) {
    yield before;
    yield* part;
    before = ',';
  }
  yield before === open ? open + close : close;
}
