import { type Alias, type Document, isAlias, type Node, visit } from 'yaml';

/** What each alias of a document stands for. */
type Targets = ReadonlyMap<Alias, Node>;

const known = new WeakMap<Document, Targets>();

/** One walk for all aliases: the parser's own look-up walks the document for each. An alias means the last anchor before it. */
function findTargets(document: Document): Targets {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** The node an alias stands for; undefined where no such anchor is before it. The document must not change any more. */
export function aliasTarget(document: Document, alias: Alias): Node | undefined {
  let targets = known.get(document);
  if (!targets) {
    targets = findTargets(document);
    known.set(document, targets);
  }
  return targets.get(alias);
}
