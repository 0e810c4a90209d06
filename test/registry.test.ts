import { expect } from 'chai';
import { configJsonSchema } from '../src/config/schema.ts';
import { fileSink } from '../src/config/sinks/file.ts';
import { Secret } from '../src/core/secret.ts';
import { makeSink, makeSource, sinks, sources } from '../src/registry.ts';
import { testSinkContext } from './support/sink-context.ts';

interface Union {
  readonly properties: Readonly<
    Record<string, { readonly items: { readonly oneOf?: readonly Member[]; readonly anyOf?: readonly Member[] } }>
  >;
}
interface Member {
  readonly properties: { readonly type: { readonly const: string } };
}

describe('registry', () => {
  const context = {
    cluster: 'c',
    directory: '/nowhere',
    clock: { nowMs: () => 0 },
    notice: () => undefined,
    lastingKey: () => new Secret(new Uint8Array(32)),
    leftOut: () => undefined,
    refuses: () => undefined,
    gap: () => undefined,
    receiver: () => ({ answered: () => undefined, disconnected: () => undefined, watch: () => undefined }),
    graceMs: 1_000,
  };

  it('has every source and sink that the configuration knows, and no other', () => {
    const { properties } = configJsonSchema() as unknown as Union;
    const types = (list: string) =>
      (properties[list]?.items.oneOf ?? properties[list]?.items.anyOf ?? []).map((member) => member.properties.type.const);
    expect(Object.keys(sources)).to.have.members(types('sources'));
    expect(Object.keys(sinks)).to.have.members(types('sinks'));
  });

  it('makes them by their type', async () => {
    const file = { type: 'file', name: 'f', path: 'x.log', startAt: 'checkpoint', follow: true, pollIntervalMs: 10 } as const;
    expect((await makeSource(file, context)).constructor.name).to.equal('FileSource');
    expect((await makeSource({ type: 'stdin', name: 's' }, context)).constructor.name).to.equal('StdinSource');
    const sink = fileSink.options.parse({ type: 'file', path: 'x' });
    expect((await makeSink(sink, testSinkContext())).constructor.name).to.equal('FileSink');
  });
});
