import { type ByteClass, emptyClass, foldClass, internedClass, invertClass, rangeClass } from './byte-class.ts';
import type { SyntaxNode } from './syntax.ts';

/** A node for one character of the class; nodes of equal classes share the class. */
export function classNode(bytes: ByteClass): SyntaxNode {
  return { type: 'class', bytes: internedClass(bytes) };
}

export const anyButLineFeed = classNode(invertClass(rangeClass(10, 10)));
export const anything = classNode(invertClass(emptyClass()));
export const beyondAscii = classNode(rangeClass(128, 255));
/** Most of an expression is single characters, and all of them are shared. */
export const characters = Array.from({ length: 128 }, (_, code) => classNode(rangeClass(code, code)));
export const foldedCharacters = Array.from({ length: 128 }, (_, code) => classNode(foldClass(rangeClass(code, code))));
