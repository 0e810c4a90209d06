import { resolve } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { absoluteFiles } from '../../src/config/absolute-files.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { pathOption, pathOptions } from '../../src/config/names.ts';
import { configSchema } from '../../src/config/schema.ts';

const from = (path: string): string => `/etc/${path}`;
const minimal = 'version: 1\ncluster: { name: c }\nsources: [{ type: stdin }]\n';

describe('config/absolute-files', () => {
  it('knows a path by its schema: optional, described, with a default, in a list, in a member of a union', () => {
    const schema = z.strictObject({
      plain: pathOption,
      described: pathOption.describe('A path.').optional().describe('Perhaps.'),
      given: pathOption.default('here'),
      absent: pathOption.optional(),
      several: z.array(pathOption.describe('One.')).default([]),
      one: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('a'), place: z.string() }),
        z.strictObject({ type: z.literal('b'), place: pathOption }).refine(() => true),
      ]),
      nested: z.strictObject({ deep: pathOption.default('deep') }).prefault({}),
    });
    const options = schema.parse({ plain: 'p', described: 'd', several: ['s'], one: { type: 'b', place: 'x' } });
    expect(absoluteFiles(schema, options, from)).to.deep.equal({
      ...{ plain: '/etc/p', described: '/etc/d', given: '/etc/here', several: ['/etc/s'] },
      ...{ one: { type: 'b', place: '/etc/x' }, nested: { deep: '/etc/deep' } },
    });
    const other = schema.parse({ plain: 'p', one: { type: 'a', place: 'x' } });
    expect(absoluteFiles(schema, other, from).one).to.deep.equal({ type: 'a', place: 'x' });
  });

  it('leaves headers and labels as they are, whatever they are called', () => {
    const headers = '{ X-Log-File: a, caFile: b, path: c, dataDirectory: d }';
    const labels = '{ path: audit, source_File: k8s }';
    const { sinks } = loadConfig(
      `${minimal}sinks:
  - { type: webhook, url: 'https://a.example', headers: ${headers} }
  - { type: loki, url: 'https://a.example', labels: ${labels}, tls: { caFile: ca.pem } }
`,
      '/etc/auditveil/config.yaml',
      {},
    );
    expect(sinks[0]).to.have.deep.property('headers', { 'X-Log-File': 'a', caFile: 'b', path: 'c', dataDirectory: 'd' });
    expect(sinks[1]).to.have.deep.property('labels', { path: 'audit', source_File: 'k8s' });
    expect(sinks[1]).to.have.nested.property('tls.caFile', '/etc/auditveil/ca.pem');
  });

  it('finds no option that is called as one of a file and is no path', () => {
    // Routes hold routes, and no files.
    const files = fileOptions(configSchema.omit({ routing: true }));
    expect(files.length).to.be.greaterThan(20);
    expect(files.filter(({ isPath }) => !isPath)).to.deep.equal([]);
  });

  it('makes the paths of a whole configuration absolute, and no word of a policy', () => {
    const text = `version: 1
cluster: { name: c }
sources:
  - { type: file, path: audit.log }
  - { type: webhook, path: /k8s, tls: { certFile: c.pem, keyFile: k.pem, clientCaFile: ca.pem }, tokenFiles: [t1, /abs/t2] }
masking: { policy: strict, keyFile: key, packs: [packs] }
detect: { rules: [r], lists: [l], exceptionFiles: [e] }
log: { directory: data, signingKeyFile: sign.pem }
sinks:
  - { type: file, path: out.jsonl }
  - { type: email, host: h, from: a@b.example, to: [a@b.example], user: u, passwordFile: pw, tls: { caFile: ca } }
  - { type: kafka, brokers: ['b:1'], topic: t, sasl: { mechanism: oauthbearer, tokenFile: token } }
transport: { type: kafka, brokers: ['b:1'], tls: { caFile: kafka.pem } }
`;
    const { sources, masking, detect, log, sinks, transport } = loadConfig(text, 'conf/a.yaml', {});
    const at = (path: string): string => resolve('conf', path);
    expect(sources[0]).to.have.property('path', at('audit.log'));
    expect(sources[1]).to.deep.include({
      ...{ path: '/k8s', tokenFiles: [at('t1'), '/abs/t2'] },
      tls: { certFile: at('c.pem'), keyFile: at('k.pem'), clientCaFile: at('ca.pem'), allowedNames: [] },
    });
    expect(masking).to.deep.include({ policy: 'strict', keyFile: at('key'), packs: [at('packs')] });
    expect(detect).to.deep.include({ rules: [at('r')], lists: [at('l')], exceptionFiles: [at('e')] });
    expect(log).to.include({ directory: at('data'), signingKeyFile: at('sign.pem') });
    expect(sinks[0]).to.have.property('path', at('out.jsonl'));
    expect(sinks[1]).to.include({ passwordFile: at('pw') });
    expect(sinks[1]).to.have.nested.property('tls.caFile', at('ca'));
    expect(sinks[2]).to.have.nested.property('sasl.tokenFile', at('token'));
    expect(transport).to.have.nested.property('tls.caFile', at('kafka.pem'));
    expect(loadConfig(`${minimal}masking: { policy: ./own.yaml }`, 'conf/a.yaml', {}).masking.policy).to.equal(at('own.yaml'));
  });
});

/** Options that are called as those of files, at any depth. */
function fileOptions(schema: z.core.$ZodType, name = ''): readonly { readonly name: string; readonly isPath: boolean }[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return fileOptions(schema.def.innerType, name);
  if (schema instanceof z.ZodArray) return fileOptions(schema.def.element, name);
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap((one) => fileOptions(one, name));
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, z.core.$ZodType>>;
    return Object.entries(shape).flatMap(([key, one]) => fileOptions(one, key));
  }
  return schema instanceof z.ZodString && /(?:File|Files|Directory)$/.test(name)
    ? [{ name, isPath: pathOptions.get(schema)?.isPath === true }]
    : [];
}
