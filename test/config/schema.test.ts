import { expect } from 'chai';
import { configJsonSchema } from '../../src/config/schema.ts';

interface Node {
  readonly description?: string;
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
}

function walk(node: Node, path: string, visit: (node: Node, path: string) => void): void {
  visit(node, path);
  for (const [key, child] of Object.entries(node.properties ?? {})) walk(child, `${path}.${key}`, visit);
  if (node.items) walk(node.items, `${path}[]`, visit);
  for (const member of [...(node.oneOf ?? []), ...(node.anyOf ?? [])]) walk(member, path, visit);
}

describe('config/schema', () => {
  it('describes every option and forbids unknown ones everywhere', () => {
    walk(configJsonSchema() as Node, 'config', (node, path) => {
      if (node.properties) expect(node.additionalProperties, path).to.equal(false);
      for (const [key, child] of Object.entries(node.properties ?? {}))
        expect(child.description, `${path}.${key}`).to.be.a('string').with.length.greaterThan(8);
    });
  });

  it('requires only what has no default', () => {
    expect(configJsonSchema()['required']).to.deep.equal(['version', 'cluster', 'sources']);
  });
});
