import { expect } from 'chai';
import { ConditionError } from '../../../src/detection/falco/condition-error.ts';
import type { Expression, Operand } from '../../../src/detection/falco/expression.ts';
import { parseExpression } from '../../../src/detection/falco/parse-expression.ts';

function side(operand: Operand | undefined): string {
  switch (operand?.type) {
    case undefined:
      return '';
    case 'field':
      return operand.name + (operand.argument === undefined ? '' : `[${operand.argument}]`);
    case 'text':
      return JSON.stringify(operand.text);
    case 'list':
      return `(${operand.items.map(side).join(' ')})`;
    case 'call':
      return `${operand.name}(${operand.items.map(side).join(' ')})${operand.selector ?? ''}`;
  }
}

function shape(expression: Expression): string {
  switch (expression.type) {
    case 'macro':
      return expression.name;
    case 'not':
      return `not(${shape(expression.item)})`;
    case 'check':
      return [side(expression.left), expression.operator, expression.modifier, side(expression.right)].filter(Boolean).join(' ');
    default:
      return `${expression.type}(${expression.items.map(shape).join(', ')})`;
  }
}

const accepted: readonly (readonly [text: string, shape: string])[] = [
  ['  a', 'a'],
  ['(a)', 'a'],
  ['a and b and c', 'and(a, b, c)'],
  ['a or b and c', 'or(a, and(b, c))'],
  ['a and b or c', 'or(and(a, b), c)'],
  ['(a or b) and c', 'and(or(a, b), c)'],
  ['not a and b', 'and(not(a), b)'],
  ['not (a and b)', 'not(and(a, b))'],
  ['not(a)and(not(b))', 'and(not(a), not(b))'],
  ['(a)and(b)or(c)', 'or(and(a, b), c)'],
  ['not not a', 'a'],
  ['not not not a', 'not(a)'],
  ['not not(a)', 'not(a)'.replace('not(a)', 'a')],
  ['not(not(not_macro))', 'not(not(not_macro))'],
  ['notz and and_macro and or_macro', 'and(notz, and_macro, or_macro)'],
  ['a.b=1 or c.d = 2', 'or(a.b = "1", c.d = "2")'],
  ['a.b = not', 'a.b = "not"'],
  ['a.b = a.a', 'a.b = "a.a"'],
  ['a.b =>', 'a.b = ">"'],
  ['a.b exists and c', 'and(a.b exists, c)'],
  ['a.b in (1, \'a\', "b c", d.e)', 'a.b in ("1" "a" "b c" "d.e")'],
  ['a.b in()', 'a.b in ()'],
  ['a.b in ( )', 'a.b in ()'],
  ['a.b in x', 'a.b in ("x")'],
  ['a.b in\n(x,\n y)\nand c', 'and(a.b in ("x" "y"), c)'],
  ['a.b[0] contains /bin', 'a.b[0] contains "/bin"'],
  ['a.b[/x~1y/0] = 1', 'a.b[/x~1y/0] = "1"'],
  ['a.b["x y"] = 1', 'a.b[x y] = "1"'],
  ["a.b['\"'] exists", 'a.b["] exists'],
  ['a.b = 0a!@#456:/\\.;!$%^&*[]{}|', 'a.b = "0a!@#456:/\\\\.;!$%^&*[]{}|"'],
  ['a.b startswith /healthz?', 'a.b startswith "/healthz?"'],
  ['a.b = "\\b\\f\\n\\r\\t\\\\\\/\\""', `a.b = ${JSON.stringify('\b\f\n\r\t\\/"')}`],
  ["a.b = 'it\\'s'", 'a.b = "it\'s"'],
  ['a.b = "\\x41\\xc3\\xb6"', 'a.b = "Aö"'],
  ['a.b = ""', 'a.b = ""'],
  ['a.b > 0x1F', 'a.b > "0x1F"'],
  ['a.b <= -1.5e+3', 'a.b <= "-1.5e+3"'],
  ['a.b contains anyof (x, y)', 'a.b contains anyof ("x" "y")'],
  ['a.b = oneof(x)', 'a.b = oneof ("x")'],
  ['a.b = allof', 'a.b = "allof"'],
  ['toupper(b64( a.b )) = X', 'toupper(b64(a.b)) = "X"'],
  ['join("-", (a.b, "x", 5)) = y', 'join("-" (a.b "x" "5")) = "y"'],
  ['getopt(a.b, "nt:")[t] = y', 'getopt(a.b "nt:")t = "y"'],
  ['a.b = val(c.d[1])', 'a.b = val(c.d[1])'],
  ['a.b > len(c.d)', 'a.b > len(c.d)'],
  ['a.b in val(c.d)', 'a.b in val(c.d)'],
  ['a.b = tolower', 'a.b = "tolower"'],
];

const refused: readonly (readonly [text: string, at: number, message: RegExp])[] = [
  ['', 0, /the condition is empty/],
  ['a andb', 5, /expected a blank or "\(" after "and"/],
  ['aand b', 5, /expected "and" or "or"/],
  ['a and b and', 11, /expected a blank or "\(" after "and"/],
  ['a or b or ', 10, /expected a field, the name of a macro/],
  ['and a', 4, /expected "and" or "or"/],
  ['a not b', 2, /expected "and" or "or"/],
  ['a and or b', 9, /expected "and" or "or"/],
  ['(a', 2, /expected "\)"/],
  ['a)', 1, /expected "and" or "or"/],
  ['a.b[] = x', 4, /expected the argument of the field/],
  ['a.b[ x ] = x', 4, /expected the argument of the field/],
  ['a.b[x = y', 5, /expected "\]"/],
  ['a.b = b = 1', 8, /expected "and" or "or"/],
  ['a.b', 3, /expected an operator/],
  ['a.b invalid x', 4, /unknown operator "invalid"/],
  ['a.b contians x', 4, /unknown operator "contians"/],
  ['a.b ExIsTs', 4, /unknown operator "ExIsTs"/],
  ['a.b startswithx', 14, /expected a blank after "startswith"/],
  ['a.b insect x', 4, /unknown operator "insect"/],
  ['a.b = ', 6, /expected a text/],
  ['a.b = a,', 7, /expected "and" or "or"/],
  ['a.b = "x', 6, /the quoted text has no end/],
  ['a.b = "x\\q"', 8, /unknown escape "\\q"/],
  ['a.b = "x\\\'"', 8, /unknown escape/],
  ['a.b = "\\x4"', 7, /unknown escape "\\x"/],
  ['a.b in (x,)', 10, /expected a text/],
  ['a.b in (x', 9, /expected "\)"/],
  ['a.b in )', 7, /expected a list in parentheses/],
  ['a.b = (x)', 6, /expected a text/],
  ['a.b > x', 6, /expected a number/],
  ['a.b > 0x', 7, /expected "and" or "or"/],
  ['macro > 12', 6, /expected "and" or "or"/],
  ['a.b = val(x)', 10, /expected a field inside val/],
  ['len(x) = 1', 4, /expected a field, a transformer, a quoted text or a number/],
  ['fake(a.b) exists', 0, /"fake" is no transformer/],
  ['#a and b', 0, /expected a field/],
];

describe('detection/falco/parse-expression', () => {
  for (const [text, expected] of accepted) {
    it(`reads ${JSON.stringify(text)}`, () => expect(shape(parseExpression(text))).to.equal(expected));
  }

  for (const [text, at, message] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      let error: unknown;
      try {
        parseExpression(text);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(ConditionError);
      expect((error as ConditionError).message).to.match(message);
      expect((error as ConditionError).at).to.equal(at);
    });
  }

  it('stops at parentheses nested too deep, before the stack does', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}a${')'.repeat(depth)}`;
    expect(shape(parseExpression(nested(200)))).to.equal('a');
    expect(() => parseExpression(nested(201))).to.throw('nested more than 200 deep');
    expect(() => parseExpression(nested(100_000))).to.throw('nested more than 200 deep');
    expect(() => parseExpression(`${'not('.repeat(5000)}a`)).to.throw('nested more than 200 deep');
    expect(() => parseExpression(`${'b64('.repeat(5000)}a`)).to.throw('nested more than 200 deep');
    expect(shape(parseExpression(`${'not '.repeat(5001)}a`))).to.equal('not(a)');
  });
});
