import { expect } from 'chai';
import fc from 'fast-check';
import { limits } from '../../../src/core/limits.ts';
import { engineOf, isStub, kernelModule, maskOne } from '../../support/inspect-lines.ts';

const pack = `
id: test
summary: For tests of the scanner.
names:
  secret: { expression: '(?i)password|token', unless: '^f:' }
rules:
  - { id: nested, kind: document, category: secret, about: JSON in strings., document: { format: json } }
  - { id: data, kind: secret-data, category: secret, about: Data of Secrets., structure: { in: '**', when: { kind: Secret }, mask: data, encode: base64 } }
  - { id: by-request, kind: secret-data, category: secret, about: By the request., structure: { in: event.requestObject, when: { kind: { absent: true } }, event: { objectRef.resource: secrets }, mask: data } }
  - { id: pairs, kind: env-secret, category: secret, about: Pairs., structure: { in: '**', when: { name: { names: secret } }, mask: value } }
  - { id: names, kind: password, category: secret, about: Names., names: { in: '**', class: secret, unless: '^(?:true|false)$' } }
  - { id: arguments, kind: password, category: secret, about: Flags., arguments: { in: ['**.args'], class: secret } }
  - { id: uri, kind: password, category: secret, about: URIs., uri: { in: [event.requestURI], class: secret, command: command } }
  - { id: user, kind: user, category: personal, about: Users., action: pseudonymise, structure: { in: event, mask: user.username, unless: '^system:' } }
  - { id: key, kind: test-key, category: secret, about: Keys., pattern: { expression: '\\bKEY-[A-Z0-9]{8,64}' } }
  - { id: free, kind: password, category: secret, about: Text., pattern: { expression: '(?i)password[=:]\\s*([^\\s"'']+)', group: 1 } }
examples:
  - { name: all, rule: [nested, data, by-request, pairs, names, arguments, uri, user, key, free], text: 'KEY-ABCDEFGH password=xyz', gone: ABCDEFGH }
  - { name: none, rule: [nested, data, by-request, pairs, names, arguments, uri, user, key, free], text: plain, unchanged: true }
`;

function load(withKernel: boolean): ReturnType<typeof engineOf> {
  return engineOf([pack], withKernel ? { kernel: kernelModule() } : {});
}

const packOf = (expression: string, text: string, gone: string): string =>
  JSON.stringify({
    ...{ id: 'test', summary: 'One pattern.' },
    rules: [{ id: 'a', kind: 'test', category: 'secret', about: 'A.', pattern: { expression, group: 1 } }],
    examples: [
      { name: 'one', rule: 'a', text, gone },
      { name: 'none', rule: 'a', text: 'plain', unchanged: true },
    ],
  });

for (const withKernel of [false, true]) {
  describe(`scan/reference/scanner ${withKernel ? 'with' : 'without'} the kernel`, () => {
    const engine = load(withKernel);
    const mask = (event: unknown): string => maskOne(engine, typeof event === 'string' ? event : JSON.stringify(event));

    const cases: readonly (readonly [title: string, event: unknown, gone: readonly string[], stays: readonly string[]])[] = [
      [
        'masks data of a Secret whose kind comes last',
        { requestObject: { data: { a: 'UExBSU4=' }, kind: 'Secret' } },
        ['UExBSU4='],
        ['"a"'],
      ],
      ['leaves data of a ConfigMap', { requestObject: { data: { a: 'PLAIN-TEXT' }, kind: 'ConfigMap' } }, [], ['PLAIN-TEXT']],
      [
        'masks by the request where the body has no kind, in any order',
        { requestObject: { data: { a: 'cGxhaW4=' } }, objectRef: { resource: 'secrets' } },
        ['cGxhaW4='],
        [],
      ],
      [
        'does not mask by the request where the body has a kind',
        { requestObject: { kind: 'Pod', data: { a: 'stays-here' } }, objectRef: { resource: 'secrets' } },
        [],
        ['stays-here'],
      ],
      [
        'masks the value of a pair whose name comes after it',
        {
          env: [
            { value: 'hidden-one', name: 'DB_PASSWORD' },
            { name: 'MODE', value: 'shown-one' },
          ],
        },
        ['hidden-one'],
        ['shown-one', 'DB_PASSWORD'],
      ],
      [
        'masks every leaf below a secret name and keeps the shape',
        { a: { token: { x: ['leaf-one', { y: 'leaf-two' }], n: 12345, b: true } } },
        ['leaf-one', 'leaf-two', '12345'],
        ['true', '"n":0'],
      ],
      [
        'masks the value of a flag and the word after a flag',
        { args: ['--password=flag-one', '--token', 'flag-two', '--mode', 'flag-three'] },
        ['flag-one', 'flag-two'],
        ['flag-three', '--mode'],
      ],
      [
        'masks query parameters and words of an exec command',
        { requestURI: '/exec?command=sh&command=--password%3Duri%2Done&command=--token&command=uri-two&x=1&token=uri-three' },
        ['uri%2Done', 'uri-two', 'uri-three'],
        ['command=sh', 'x=1'],
      ],
      [
        'masks in documents inside strings inside strings',
        { a: JSON.stringify({ b: JSON.stringify({ password: 'deep-one' }), c: 'KEY-DEEPTWO99' }) },
        ['deep-one', 'KEY-DEEPTWO99'],
        [],
      ],
      ['finds a name that is spelt with escapes', '{"pass\\u0077ord":"escaped-name"}', ['escaped-name'], ['pass\\u0077ord']],
      ['finds a pattern that is split by escapes', '{"a":"x KEY\\u002dABCDEFGH1 y"}', ['ABCDEFGH1'], ['x ', ' y']],
      [
        'keeps what stands around a match byte for byte',
        '{"a":"\\u003c\\/\\ud83d\\ude00 password=hidden-two \\u0026 é","n":1.0e+3}',
        ['hidden-two'],
        ['"\\u003c\\/\\ud83d\\ude00 password=', ' \\u0026 é","n":1.0e+3'],
      ],
      [
        'masks every occurrence of a repeated name',
        '{"password":"first-one","password":"second-one"}',
        ['first-one', 'second-one'],
        [],
      ],
      [
        'treats __proto__ as a name like any other',
        '{"__proto__":{"password":"proto-one"},"constructor":1}',
        ['proto-one'],
        ['__proto__', 'constructor'],
      ],
      ['leaves an empty secret empty', { password: '' }, [], ['"password":""']],
      ['pseudonymises a user and keeps system users', { user: { username: 'alice' } }, ['alice'], ['[MASKED:user:']],
      ['keeps system users', { user: { username: 'system:node:a' } }, [], ['system:node:a']],
      [
        'reads items of an EventList as events',
        { kind: 'EventList', items: [{ user: { username: 'list-user' } }] },
        ['list-user'],
        [],
      ],
    ];
    for (const [title, event, gone, stays] of cases) {
      it(title, () => {
        const line = mask(event);
        expect(() => JSON.parse(line) as unknown).not.to.throw();
        for (const text of gone) expect(line).not.to.contain(text);
        for (const text of stays) expect(line).to.contain(text);
        expect(isStub(line)).to.equal(false);
      });
    }

    it('gives the same line when a masked line is masked again', () => {
      for (const [, event] of cases) {
        const once = mask(event);
        expect(mask(once)).to.equal(once);
      }
    });

    it('makes a stub of nesting beyond the limit and masks right up to it', () => {
      const nest = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}"KEY-ABCDEFGH1"${'}]'.repeat(depth / 2)}`;
      expect(mask(nest(limits.jsonDepth))).to.contain('[MASKED:test-key]');
      expect(mask(nest(limits.jsonDepth + 2))).to.contain('"reason":"too-deep"');
    });

    it('makes a stub of bytes that are not UTF-8', () => {
      for (const bad of [[0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88], [0xc0, 0xaf], [0x80]]) {
        const line = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bad), Buffer.from('"}')]);
        expect(maskOne(engine, line)).to.contain('"reason":"not-utf8"');
      }
    });

    it('makes a stub of a document that is neither object nor list', () => {
      for (const line of ['1', '"text"', 'null']) expect(mask(line)).to.contain('"reason":"not-an-object"');
    });

    it('accepts exactly what JSON.parse accepts and changes nothing where nothing is secret', () => {
      const structure = fc.stringMatching(/^[\][{}:,"\\0-9eE+.\- truefalsn]{0,40}$/);
      fc.assert(
        fc.property(fc.oneof(fc.json(), structure), fc.nat(), fc.nat(255), fc.boolean(), (json, at, byte, mutate) => {
          const bytes = Buffer.from(`{"x":${json}}`);
          if (mutate && bytes.length > 6) bytes[5 + (at % (bytes.length - 6))] = byte;
          const line = maskOne(engine, bytes);
          let valid = true;
          try {
            JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
          } catch {
            valid = false;
          }
          expect(isStub(line)).to.equal(!valid, bytes.toString('hex'));
          if (valid && !/password|token|KEY-|username/i.test(bytes.toString())) expect(line).to.equal(bytes.toString());
        }),
        { numRuns: 1500 },
      );
    });

    it('leaks nothing and throws nothing when an event is cut at any byte', () => {
      const event = JSON.stringify({
        auditID: 'aa-bb',
        requestObject: {
          kind: 'Secret',
          data: { a: 'CUTSECRET' },
          env: [{ name: 'TOKEN', value: 'CUTSECRET' }],
          note: 'KEY-CUTSECRET',
          nested: '{"password":"CUTSECRET"}',
        },
      });
      for (let end = 0; end < event.length; end++) expect(maskOne(engine, event.slice(0, end))).not.to.contain('CUTSECRET');
    });

    const beyondAscii: readonly (readonly [expression: string, text: string])[] = [
      ['=(é[a-z]{3,9})', 'x =éabc y'],
      ['(é+)', 'xéé'],
      ['[a-z]{3}(пароль)', 'abcпароль'],
      ['ключ ([0-9a-f]{8})', 'ключ deadbeef'],
      ['(😀[0-9]é)', '😀1é'],
    ];
    for (const [expression, text] of beyondAscii) {
      it(`finds ${expression} in a string, a name, a document and behind an escape`, () => {
        const [, secret = ''] = new RegExp(expression, 'u').exec(text) ?? [];
        const one = engineOf([packOf(expression, text, secret)], withKernel ? { kernel: kernelModule() } : {});
        for (const value of [text, { [text]: 1 }, JSON.stringify({ a: text }), `\n${text}`])
          expect(maskOne(one, JSON.stringify({ x: value })))
            .to.contain('[MASKED:test]')
            .and.not.contain(secret);
      });
    }

    it('leaks no planted secret wherever it is nested', () => {
      const secret = 'KEY-0PLANTED0SECRET';
      const wrap = fc.constantFrom<(inner: unknown) => unknown>(
        (inner) => ({ a: inner }),
        (inner) => [1, inner, 'x'],
        (inner) => JSON.stringify(inner),
        (inner) => ({ 'k"\\': inner, b: 'é\n' }),
        (inner) => ({ kind: 'Secret', data: { v: inner } }),
      );
      fc.assert(
        fc.property(fc.array(wrap, { maxLength: 6 }), (wraps) => {
          const value = wraps.reduce<unknown>((inner, one) => one(inner), `see ${secret}.`);
          const line = mask({ x: value });
          expect(line).not.to.contain('0PLANTED0');
          expect(() => JSON.parse(line) as unknown).not.to.throw();
        }),
        { numRuns: 300 },
      );
    });
  });
}

describe('scan/reference/scanner', () => {
  it('gives the same bytes with and without the kernel', () => {
    const [plain, fast] = [load(false), load(true)];
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('KEY-AAAABBBB', 'password=abc', '[MASKED:user:k1:0123456789abcdef]', 'x\u2028y'),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, text, fc.double(), fc.boolean(), tie('list'), tie('object')),
      list: fc.array(tie('any'), { maxLength: 4 }),
      object: fc.dictionary(
        fc.oneof(text, fc.constantFrom('kind', 'data', 'password', 'name', 'value', 'args', 'requestURI')),
        tie('any'),
        { maxKeys: 5 },
      ),
    })).object;
    fc.assert(
      fc.property(value, (event) => {
        const line = JSON.stringify(event);
        expect(maskOne(fast, line)).to.equal(maskOne(plain, line));
      }),
      { numRuns: 500 },
    );
  });
});
