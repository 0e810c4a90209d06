import type { ByteClass } from '../scan/regex/byte-class.ts';
import { readSyntax, type SyntaxNode } from '../scan/regex/syntax.ts';

/**
 * The parts of an RE2 expression that matter for triggers. `bytes` is one byte of a class, `beyond` a character beyond
 * ASCII, of several bytes. Everything the reader does not take apart is `opaque`: it matches something it makes no statement about.
 */
export type ExpressionNode =
  | { readonly type: 'bytes'; readonly bytes: ByteClass }
  | { readonly type: 'sequence'; readonly items: readonly ExpressionNode[] }
  | { readonly type: 'choice'; readonly options: readonly ExpressionNode[] }
  | { readonly type: 'repeat'; readonly item: ExpressionNode; readonly min: number; readonly max: number }
  | { readonly type: 'beyond' }
  | { readonly type: 'empty' }
  | { readonly type: 'opaque' };

/**
 * Reads an expression that the engine has already accepted.
 * @throws Fault E_PATTERN_SYNTAX where brackets do not match.
 */
export function readExpression(source: string): ExpressionNode {
  return simplified(readSyntax(source));
}

function simplified(node: SyntaxNode): ExpressionNode {
  switch (node.type) {
    case 'class':
      return node.bytes.indexOf(1) > 127 ? { type: 'beyond' } : { type: 'bytes', bytes: node.bytes };
    case 'sequence':
      return { type: 'sequence', items: node.items.map(simplified) };
    case 'choice':
      return { type: 'choice', options: node.options.map(simplified) };
    case 'repeat':
      return { type: 'repeat', item: simplified(node.item), min: node.min, max: node.max };
    case 'group':
      return simplified(node.item);
    case 'assert':
      return { type: 'empty' };
    default:
      return node;
  }
}
