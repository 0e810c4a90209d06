import { expect } from 'chai';
import { checkApiservers } from '../../src/config/check-apiservers.ts';

const server = (name: string, sources?: readonly string[]) => ({
  ...{ name, metrics: 'https://192.0.2.10:6443/metrics' },
  ...(sources && { sources: [...sources] }),
});

describe('config/check-apiservers', () => {
  const wrong = (...servers: ReturnType<typeof server>[]) =>
    checkApiservers(servers, ['audit', 'webhook']).map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`);

  it('takes apiservers of their own sources, and of the same', () => {
    expect(wrong(server('a', ['audit']), server('b', ['webhook']))).to.deep.equal([]);
    expect(wrong(server('a'), server('b'), server('c', ['webhook', 'audit']))).to.deep.equal([]);
  });

  it('names what is there twice, not there, or shared in part', () => {
    expect(wrong(server('a', ['audit']), server('a', ['webhook']))).to.deep.equal(['1.name: `a` is used twice']);
    expect(wrong(server('a', ['audti']))).to.deep.equal(['0.sources.0: there is no source of this name']);
    expect(wrong(server('a'), server('b', ['audit']))).to.deep.equal([
      '1.sources: it shares a part of its sources with another apiserver',
    ]);
  });
});
