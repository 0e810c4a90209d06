import { expect } from 'chai';
import { configJsonSchema, configSchema } from '../../src/config/schema.ts';

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

  it('takes no port that there is not, and says something else of an address without', () => {
    const said = (listen: string): readonly string[] => {
      const source = { type: 'webhook', listen, allowUnprotected: true };
      const parts = { sources: [source], web: { listen }, telemetry: { listen } };
      const { error } = configSchema.safeParse({ version: 1, cluster: { name: 'c' }, ...parts });
      return error?.issues.map(({ message }) => message) ?? [];
    };
    expect(said('127.0.0.1:65535')).to.deep.equal([]);
    expect(new Set(said('127.0.0.1:65536'))).to.deep.equal(new Set(['must have a port from 0 to 65535']));
    expect(said('127.0.0.1:99999')).to.have.length(3);
    expect(said('localhost')).to.include('must be address:port').and.not.include('must have a port from 0 to 65535');
  });

  it('requires only what has no default', () => {
    expect(configJsonSchema()['required']).to.deep.equal(['version', 'cluster', 'sources']);
  });
});
