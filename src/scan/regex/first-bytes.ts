import { addClass, type ByteClass } from './byte-class.ts';
import type { SyntaxNode } from './syntax.ts';

/** What a text may start with. */
export interface First {
  readonly bytes: ByteClass;
  /** It may also match nothing. */
  readonly empty: boolean;
  /** No assertion has a say in whether it does. */
  readonly clear: boolean;
}

const none = new Uint8Array(256);
const all = new Uint8Array(256).fill(1);
/** Nothing: an empty expression, and what comes after the whole one. */
export const nothing: First = { bytes: none, empty: true, clear: true };

export const either = (one: First, other: First): First => anyOf([one, other]);

function anyOf(ways: readonly First[]): First {
  const bytes = new Uint8Array(256);
  for (const way of new Set(ways.map((one) => one.bytes))) addClass(bytes, way);
  return { bytes, empty: ways.some((way) => way.empty), clear: ways.every((way) => way.clear) };
}
export const followedBy = (one: First, next: First): First => (one.empty ? { ...either(one, next), empty: next.empty } : one);

/** Asked for again at every level above a node. */
const firsts = new WeakMap<SyntaxNode, First>();

export function firstOf(node: SyntaxNode): First {
  const known = firsts.get(node);
  if (known) return known;
  const first = readFirst(node);
  firsts.set(node, first);
  return first;
}

function readFirst(node: SyntaxNode): First {
  switch (node.type) {
    case 'class':
      return { bytes: node.bytes, empty: false, clear: true };
    case 'sequence':
      return node.items.reduceRight<First>((next, item) => followedBy(firstOf(item), next), nothing);
    case 'group':
      return firstOf(node.item);
    case 'choice':
      return anyOf(node.options.map(firstOf));
    case 'repeat': {
      const first = firstOf(node.item);
      return node.max === 0 ? nothing : { ...first, empty: first.empty || node.min === 0 };
    }
    case 'opaque':
      return { bytes: all, empty: true, clear: false };
    case 'assert':
      return { ...nothing, clear: false };
    default:
      return nothing;
  }
}

/**
 * A greedy run of the class never has to give a byte back: what follows cannot start with one of its bytes, or may be
 * nothing at all, and then the longest run is the one that is preferred.
 */
export function certain(bytes: ByteClass, after: First): boolean {
  if (after.empty && !after.clear) return false;
  for (let byte = 0; byte < 128; byte++) if (bytes[byte] && after.bytes[byte]) return false;
  return true;
}
