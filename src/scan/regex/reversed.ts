import type { Assertion, SyntaxNode } from './syntax.ts';

const mirrored: Readonly<Record<Assertion, Assertion>> = {
  textStart: 'textEnd',
  textEnd: 'textStart',
  lineStart: 'lineEnd',
  lineEnd: 'lineStart',
  wordEdge: 'wordEdge',
  noWordEdge: 'noWordEdge',
};

/** The expression as it reads from its end to its start. */
export function reversed(node: SyntaxNode): SyntaxNode {
  switch (node.type) {
    case 'sequence':
      return { ...node, items: node.items.map(reversed).reverse() };
    case 'choice':
      return { ...node, options: node.options.map(reversed) };
    case 'group':
    case 'repeat':
      return { ...node, item: reversed(node.item) };
    case 'assert':
      return { ...node, what: mirrored[node.what] };
    default:
      return node;
  }
}
