import { expect } from 'chai';
import fc from 'fast-check';
import { Fault } from '../../src/core/faults.ts';
import { compilePattern, type Pattern, patternEngine } from '../../src/scan/pattern.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const expressions = [
  'a',
  '(a)|(b)',
  '^a|b$',
  '\\bab?\\b',
  '\\Ba',
  '(?m)^b.?$',
  '(?i)pass(word)?[=:]([^ ]{1,8})',
  '[^a]b?',
  '(?s)a.b',
  'a*?b',
  '(a+)(b+)?',
  'é+|ß',
  '(?i)é',
  '\\pL{2,3}',
  '',
  '[0-9]{1,3}(?:\\.[0-9]{1,3}){3}',
];

/** Every match, going on one byte after an empty one. */
function all(pattern: Pattern, bytes: Uint8Array): (readonly number[])[] {
  const out: (readonly number[])[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const match = pattern.find(bytes, from);
    if (!match) break;
    out.push(match);
    from = match[1]! > from ? match[1]! : from + 1;
    while (from < bytes.length && (bytes[from]! & 0xc0) === 0x80) from++;
  }
  return out;
}

describe('scan/pattern', () => {
  it('finds from an offset while anchors and word boundaries see the whole array', () => {
    for (const engine of ['re2', 're2js'] as const) {
      if (engine === 're2' && patternEngine !== 're2') continue;
      expect(compilePattern('^b', engine).find(utf8('ab'), 1)).to.equal(undefined);
      expect(compilePattern('\\bb', engine).find(utf8('ab b'), 1)).to.deep.equal([3, 4]);
      expect(compilePattern('(a)|(b)', engine).find(utf8('xéb'), 0)).to.deep.equal([3, 4, -1, -1, 3, 4]);
      expect(compilePattern('a', engine).find(utf8('a'), 2)).to.equal(undefined);
    }
  });

  it('gives the same matches, byte for byte, in both engines', function () {
    if (patternEngine !== 're2') {
      if (process.env['CI'] === 'true' && process.env['AUDITVEIL_REGEX'] !== 'js') throw new Error('the re2 addon is not built');
      return this.skip();
    }
    const text = fc.string({ unit: fc.constantFrom(...'aabbAB=: .019\né€ßpassword'), maxLength: 30 });
    const pairs = expressions.map((source) => [compilePattern(source, 're2'), compilePattern(source, 're2js')] as const);
    fc.assert(
      fc.property(text, (value) => {
        const bytes = utf8(value);
        for (const [native, js] of pairs) {
          expect(all(js, bytes), native.source).to.deep.equal(all(native, bytes));
          expect(js.test(bytes), native.source).to.equal(native.test(bytes));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('refuses in both engines what is not linear or not portable', () => {
    for (const source of ['(?=a)', '(?<!a)b', '(a)\\1', 'a{2000}', '[a', '\\u0041', '\\cA', '\\C', '[^]', 'a**']) {
      for (const engine of ['re2', 're2js'] as const) {
        if (engine === 're2' && patternEngine !== 're2') continue;
        const compile = (): Pattern => compilePattern(source, engine);
        expect(compile, `${source} in ${engine}`).to.throw(Fault).with.property('code', 'E_PATTERN_SYNTAX');
      }
    }
  });

  it('takes an escaped backslash before u, c or C for what it is', () => {
    expect(compilePattern('\\\\u').test(utf8('\\u'))).to.equal(true);
  });
});
