import { expect } from 'chai';
import fc from 'fast-check';
import { jsonPieces } from '../../src/core/json-pieces.ts';
import { LazyList } from '../../src/core/lazy-list.ts';

const lazy = (items: readonly unknown[]): LazyList<unknown> => new LazyList(() => items[Symbol.iterator]());

/** The same with some of its lists made while they are read. */
function withLazyLists(value: unknown, choose: () => boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => withLazyLists(item, choose));
    return choose() ? lazy(items) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withLazyLists(member, choose)]));
}

describe('core/json-pieces', () => {
  it('writes what JSON.stringify writes, with lists made while they are read and without', () => {
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
    }));
    fc.assert(
      fc.property(value, fc.infiniteStream(fc.boolean()), (one, choices) => {
        const withLists = withLazyLists(one, () => choices.next().value as boolean);
        expect([...jsonPieces(withLists)].join('')).to.equal(JSON.stringify(one) ?? 'null');
        expect(JSON.stringify(withLists)).to.equal(JSON.stringify(one));
      }),
    );
  });

  it('makes the items of a list one after the other as they are written', () => {
    let made = 0;
    const list = new LazyList(function* () {
      for (; made < 100_000; made++) yield [made, 'text'];
    });
    const behind: number[] = [];
    let characters = 0;
    for (const piece of jsonPieces({ list })) {
      characters += piece.length;
      behind.push(made - characters / '[50000,"text"],'.length);
    }
    expect(made).to.equal(100_000);
    expect(behind.length).to.be.greaterThan(10);
    // Never many more than were written.
    expect(Math.max(...behind)).to.be.lessThan(20_000);
  });
});
