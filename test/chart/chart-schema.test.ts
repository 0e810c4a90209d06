import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { RE2JS } from 're2js';
import { parse } from 'yaml';
import { chartSchema, type SchemaPart } from '../../src/chart/chart-schema.ts';
import { valuesSchema } from '../../src/chart/values-schema.ts';
import { loadConfig } from '../../src/config/load-config.ts';

/** Objects that stand for themselves: what Kubernetes checks, and labels. */
const isOpen = (part: SchemaPart & { readonly additionalProperties?: unknown }): boolean =>
  part.properties === undefined && typeof part.additionalProperties === 'object';

function* parts(part: SchemaPart, at: string): Generator<readonly [string, SchemaPart]> {
  yield [at, part];
  for (const [key, inner] of Object.entries(part.properties ?? {})) yield* parts(inner, `${at}.${key}`);
  if (part.items) yield* parts(part.items, `${at}[]`);
}

describe('chart/chart-schema', () => {
  const schema = chartSchema();

  it('is what stands in the chart', () => {
    const file = JSON.parse(readFileSync('deploy/helm/auditveil/values.schema.json', 'utf8')) as unknown;
    expect(file, 'run `npm run docs`').to.deep.equal(JSON.parse(JSON.stringify(schema)));
  });

  it('takes the default values of the chart', () => {
    const values = parse(readFileSync('deploy/helm/auditveil/values.yaml', 'utf8')) as { readonly config: object };
    expect(valuesSchema.parse(values)).to.deep.equal({ ...values, global: {} });
    const known = { version: 1, sources: [{ type: 'file', path: '/log' }] };
    expect(loadConfig(JSON.stringify({ ...values.config, ...known }), '/c.yaml', {}).cluster.name).to.equal('production');
  });

  it('refuses what it does not know, everywhere', () => {
    const open = [...parts(schema, '')].filter(
      ([, part]) =>
        part.type === 'object' && !isOpen(part) && (part as { additionalProperties?: unknown }).additionalProperties !== false,
    );
    expect(open.map(([at]) => at)).to.deep.equal([]);
  });

  it('leaves out what the chart itself writes', () => {
    const config = schema.properties?.['config']?.properties ?? {};
    expect(config).not.to.have.any.keys('version', 'role', 'sources', 'telemetry');
    expect(config['masking']?.properties).not.to.have.any.keys('keyFile', 'keyFileGroupReadable');
    expect(config['log']?.properties).not.to.have.any.keys('directory');
    expect(config['masking']?.properties).to.include.keys('policy');
  });

  it('holds only patterns that Helm knows', () => {
    const patterns = [...JSON.stringify(schema).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
      ([, text = '']) => JSON.parse(text) as string,
    );
    expect(patterns.length).to.be.greaterThan(20);
    for (const pattern of patterns) expect(() => RE2JS.compile(pattern), pattern).not.to.throw();
  });

  it('explains every value and gives it a default', () => {
    for (const [key, part] of Object.entries(schema.properties ?? {})) {
      const leaves = part.default === undefined ? Object.entries(part.properties ?? {}) : [[key, part] as const];
      expect(part.description, key).to.be.a('string');
      for (const [name, leaf] of leaves) expect(leaf.description, `${key} ${name}`).to.be.a('string');
    }
  });
});
