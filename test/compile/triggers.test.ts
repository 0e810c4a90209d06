import { expect } from 'chai';
import fc from 'fast-check';
import { deriveTriggers, readTriggers, separatorsOf, type TriggerShape } from '../../src/compile/triggers.ts';

const texts = (shapes: readonly TriggerShape[] | undefined): string[] | undefined =>
  shapes?.map((shape) =>
    shape.steps.map(({ bytes, min, max }) => `${describeClass(bytes)}${max > 1 ? `{${min},${max}}` : ''}`).join(''),
  );

function describeClass(bytes: Uint8Array): string {
  const members = [...bytes.keys()].filter((byte) => bytes[byte]);
  return members.length <= 2 ? String.fromCharCode(members.at(-1) as number) : `<${members.length}>`;
}

/** True where one of the sequences occurs in the text. */
function fires(shapes: readonly TriggerShape[], text: Uint8Array): boolean {
  return shapes.some((shape) => text.some((_, start) => fits(shape, text, start)));
}

function fits(shape: TriggerShape, text: Uint8Array, start: number): boolean {
  let at = start;
  return shape.steps.every((step) => {
    let taken = 0;
    while (taken < step.max && at < text.length && step.bytes[text[at] as number]) {
      taken++;
      at++;
    }
    return taken >= step.min;
  });
}

const expressions = [
  'eyJ[A-Za-z0-9_-]{10,40}\\.eyJ[A-Za-z0-9_-]{1,9}\\.[A-Za-z0-9_-]{0,9}',
  '(?:AKIA|ASIA|AROA)[A-Z2-7]{16}',
  '[A-Za-z0-9._%+-]{1,12}@[A-Za-z0-9-]{1,9}(?:\\.[A-Za-z0-9-]{1,5}){1,3}\\.[A-Za-z]{2,6}',
  '(?:[Pp]assword|passwd|pwd)["\']?[ \t]{0,3}[:=][ \t]{0,2}[^ \t]{1,9}',
  '-----BEGIN (?:[A-Z]{1,9} ){0,3}PRIVATE KEY-----',
  '(?:[0-9]{1,3}\\.){3}[0-9]{1,3}',
  ':[0-9a-f]{1,4}:[0-9a-f]{0,4}:',
  '(?:gh[pousr]_|github_pat_)[A-Za-z0-9]{36}',
  'sk_(?:live|test)_[0-9a-zA-Z]{10,24}',
  '(?:ab|cd){2,4}x?(?:e|f)g+',
  'x{2,3}y|z(?:q|[0-9]{2})',
  '(?:a(?:b|c)d)+e',
  '(?:\u5bc6\u7801|\u043f\u0430|mi\xe9l)[:= ][a-z]{2,5}',
] as const;

describe('compile/triggers', () => {
  for (const expression of expressions) {
    it(`derives sequences that every match of ${expression} contains`, () => {
      const shapes = deriveTriggers(expression) ?? [];
      expect(shapes).not.to.have.length(0);
      fc.assert(
        fc.property(fc.stringMatching(new RegExp(`^(?:${expression})$`)), fc.string(), fc.string(), (match, before, after) => {
          expect(fires(shapes, Buffer.from(match))).to.equal(true, match);
          expect(fires(shapes, Buffer.from(before + match + after))).to.equal(true, match);
        }),
        { numRuns: 200 },
      );
    });
  }

  const derived: readonly (readonly [expression: string, triggers: readonly string[] | undefined])[] = [
    ['(?i)Pass', ['pass']],
    ['(?i:ab)cd', ['abcd']],
    ['\\Qa.b\\E', ['a.b']],
    ['\\x41\\x{42}C', ['ABC']],
    ['.*', undefined],
    ['a?b?', undefined],
    ['(?:abc|[^x]*)', undefined],
    ['é+', ['<64>']],
    ['[^\\x00-\\x7f]=x|abé', ['<64>=x', 'ab<51>']],
  ];
  for (const [expression, triggers] of derived) {
    it(`reads ${expression} as ${triggers?.join(' or ') ?? 'having no trigger'}`, () => {
      expect(texts(deriveTriggers(expression))).to.deep.equal(triggers);
    });
  }

  it('reads triggers given by hand, with alternatives', () => {
    expect(texts(readTriggers('::|:[0-9a-f]{1,4}:'))).to.deep.equal(['::', ':<16>{1,4}:']);
  });

  it('looks for the rarest adjacent pair', () => {
    const [shape] = deriveTriggers('password~~x') ?? [];
    expect(shape?.anchor).to.equal(8);
  });

  const separated: readonly (readonly [string, string, string])[] = [
    ['[a-z]{2,5}b', ' "1', 'ab'],
    ['(?:^|[^0-9.]|(?i:ip):)([0-9]{1,3}(?:\\.[0-9]{1,3}){3})(?:[^0-9]|$)', ' "/', '0.p:'],
    ['x[^\\n]*y', '\n', 'x a'],
  ];
  for (const [expression, apart, within] of separated) {
    it(`knows which bytes no match of ${expression} contains`, () => {
      const separators = separatorsOf(expression);
      expect([...apart].every((char) => separators?.[char.charCodeAt(0)] === 1)).to.equal(true);
      expect([...within].some((char) => separators?.[char.charCodeAt(0)] === 1)).to.equal(false);
    });
  }

  it('knows expressions that may contain any byte', () => {
    expect(separatorsOf('a(?s:.)b')).to.equal(undefined);
  });
});
