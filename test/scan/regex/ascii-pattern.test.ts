import { expect } from 'chai';
import fc from 'fast-check';
import { loadEngine } from '../../../src/pipeline/engine.ts';
import { shippedPacks } from '../../../src/pipeline/load-files.ts';
import { firstGroup } from '../../../src/scan/group-split.ts';
import { enginePattern, type Pattern, patternEngine } from '../../../src/scan/pattern.ts';
import { AsciiPattern } from '../../../src/scan/regex/ascii-pattern.ts';
import { compileProgram } from '../../../src/scan/regex/program.ts';
import { testKeyRing } from '../../support/inspect-lines.ts';

/** Few letters, so that texts and expressions meet often. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '_', '-', ' ', '\n', '.', '1'), maxLength: 24 }),
  fc.string({ unit: fc.constantFrom('a', 'b', 'é', '€', '\n'), maxLength: 8 }),
);

const { expression } = fc.letrec<{ expression: string; item: string }>((tie) => ({
  item: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'a',
      'b',
      'c',
      '[ab]',
      '[^a]',
      '[^\\n]',
      '.',
      '\\w',
      '\\d',
      '\\s',
      '\\W',
      '[a-c_-]',
      '\\.',
      '[[:alpha:]]',
      '\\x41',
    ),
    fc.constantFrom('^', '$', '\\b', '\\B', '\\A', '\\z'),
    fc
      .tuple(tie('expression'), fc.constantFrom('(', '(?:', '(?i:', '(?P<n>', '(?s:', '(?m:'))
      .map(([inner, open]) => `${open}${inner})`),
  ),
  expression: fc.oneof(
    { depthSize: 'small' },
    fc
      .array(
        fc
          .tuple(tie('item'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?', '??', '{1,3}?'))
          .map(([item, repeat]) => (/^[\^$]$|^\\[bBAz]$/.test(item) ? item : item + repeat)),
        { maxLength: 5 },
      )
      .map((items) => items.join('')),
    fc.tuple(tie('expression'), tie('expression')).map((options) => options.join('|')),
  ),
})) as { expression: fc.Arbitrary<string> };

/** Named groups may not repeat. */
const oneName = (source: string): string => {
  let count = 0;
  return source.replaceAll('(?P<n>', () => `(?P<n${count++}>`);
};

const bytesOf = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value));

function expectSame(
  source: string,
  value: string,
  engine = enginePattern(source),
  own: Pattern = new AsciiPattern(engine, 0),
): void {
  const bytes = bytesOf(value);
  expect(own.test(bytes), 'test').to.equal(engine.test(bytes));
  const groups = (engine.find(bytes, 0)?.length ?? 2) / 2;
  for (let group = firstGroup; group < groups; group++) {
    expect(own.findAll(bytes, group), `findAll of group ${group}`).to.deep.equal(engine.findAll(bytes, group));
  }
  for (const from of [0, 1, bytes.length]) {
    if (from > bytes.length || ((bytes[from] ?? 0) & 0xc0) === 0x80) continue;
    expect(own.find(bytes, from), `find from ${from}`).to.deep.equal(engine.find(bytes, from));
  }
}

describe('scan/regex/ascii-pattern', function () {
  this.timeout(300_000);

  before(function () {
    if (patternEngine !== 're2') this.skip();
  });

  it('answers like re2 for expressions and texts of all kinds', () => {
    fc.assert(
      fc.property(expression.map(oneName), text, (source, value) => {
        try {
          enginePattern(source).compile();
        } catch {
          return;
        }
        expectSame(source, value);
      }),
      { numRuns: 2500 },
    );
  });

  it('takes most expressions of the shipped packs itself, and answers like re2 for texts made of their parts', async () => {
    const packFiles = await shippedPacks();
    const { plan } = loadEngine({
      policy: 'standard',
      enable: ['all'],
      keepUsers: [],
      packFiles,
      ruleFiles: [],
      keyRing: testKeyRing,
    });
    const sources = [
      ...plan.patterns.map((one) => one.expression),
      ...plan.maskRules.flatMap(({ unless }) => (unless === undefined ? [] : [unless])),
    ];
    const own = sources.filter((source) => compileProgram(source, true));
    expect(own.length).to.be.greaterThan(sources.length * 0.8);
    const patterns = sources.map((source) => {
      const engine = enginePattern(source);
      return { source, engine, own: new AsciiPattern(engine, 0) };
    });
    const parts = [
      'password',
      ': ',
      '=',
      '"',
      "'",
      ' ',
      '\n',
      '10.1.2.3',
      'user@example.com',
      'eyJhbGciOi.eyJzdWIiOi.c2ln',
      '-',
      'token',
      '/',
      '::1',
      'AKIA',
      'ABCDEFGHIJKLMNOP',
      '\\',
      'x',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...patterns),
        fc.array(fc.constantFrom(...parts), { maxLength: 9 }),
        ({ source, engine, own }, list) => expectSame(source, list.join(''), engine, own),
      ),
      { numRuns: 3000 },
    );
  });

  it('answers like re2 for long texts, and again and again for one text', () => {
    const long = fc.array(text, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('').repeat(60));
    fc.assert(
      fc.property(expression.map(oneName), long, fc.array(fc.nat(200), { maxLength: 4 }), (source, value, froms) => {
        const engine = enginePattern(source);
        try {
          engine.compile();
        } catch {
          return;
        }
        const own = new AsciiPattern(engine, 0);
        expectSame(source, value, engine, own);
        const bytes = bytesOf(value);
        const find = own.finder(bytes);
        for (const from of froms.filter((at) => at <= bytes.length && ((bytes[at] ?? 0) & 0xc0) !== 0x80)) {
          expect(find(from), `from ${from}`).to.deep.equal(engine.find(bytes, from));
        }
      }),
      { numRuns: 300 },
    );
  });

  for (const source of ['\\pL+', '\\P{N}', '^[^\\pL\\pN]+$', '[\\p{^L}a]', '(?i)\\p{L}\\pN', '\\p{Lu}', '[\\p{Greek}b]']) {
    it(`answers like re2 for the property in ${source}`, () => {
      const engine = enginePattern(source);
      const own = new AsciiPattern(engine, 0);
      for (const value of ['', 'a', 'B7', '-- ..', '7', 'a-1', 'é7', 'ß', '\u0660']) expectSame(source, value, engine, own);
    });
  }

  it('leaves an expression to the engine for good once texts have made it take many steps again and again', () => {
    const engine = enginePattern(`${'a?'.repeat(16)}a{16}`);
    let asked = 0;
    let released = 0;
    const counting = {
      source: engine.source,
      compile: () => engine.compile(),
      release: () => void released++,
      test: (bytes: Uint8Array) => engine.test(bytes),
      find: (bytes: Uint8Array, from: number) => {
        asked++;
        return engine.find(bytes, from);
      },
      finder: (bytes: Uint8Array) => engine.finder(bytes),
      findAll: (bytes: Uint8Array, group: number) => engine.findAll(bytes, group),
    };
    const own = new AsciiPattern(counting, 0);
    expect(own.find(bytesOf('c'), 0)).to.equal(undefined);
    expect(asked).to.equal(0);
    expect(released, 'memory of the engine').to.equal(1);
    for (let i = 0; i < 32; i++) own.find(bytesOf(`${'a'.repeat(16)}${'c'.repeat(1000)}`), 0);
    asked = 0;
    expect(own.find(bytesOf('c'), 0)).to.equal(undefined);
    expect(asked).to.equal(1);
  });

  it('leaves a text to the engine where trying takes too many steps', () => {
    const source =
      '(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)b';
    expectSame(source, 'a'.repeat(400));
    expectSame(source, `${'a'.repeat(400)}b`);
    expectSame(`${'a?'.repeat(20)}a{20}`, 'a'.repeat(20));
  });
});
