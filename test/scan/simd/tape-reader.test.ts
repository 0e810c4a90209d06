import { expect } from 'chai';
import fc from 'fast-check';
import { limits } from '../../../src/core/limits.ts';
import { loadEngine } from '../../../src/pipeline/engine.ts';
import { shippedMapping, shippedPacks, shippedRules } from '../../../src/pipeline/load-files.ts';
import { createScanner } from '../../../src/scan/create-scanner.ts';
import type { Plan } from '../../../src/scan/plan.ts';
import type { Scanner } from '../../../src/scan/scanner.ts';
import { Kernel } from '../../../src/scan/simd/kernel.ts';
import { kernelModule, testKeyRing } from '../../support/inspect-lines.ts';
import { plannedEvents } from '../../support/planned-events.ts';
import { outcome, ruleTexts } from '../../support/scan-outcome.ts';

interface Scanners {
  readonly plain: Scanner;
  readonly fast: Scanner;
}

const names = [
  'kind',
  'verb',
  'data',
  'user',
  'username',
  'env',
  'name',
  'value',
  'password',
  'objectRef',
  'requestObject',
  'spec',
  'containers',
  'args',
  'annotations',
  'é',
  'a"b',
  '__proto__',
];
const strings = [
  'Secret',
  'create',
  'secrets',
  '10.1.2.3',
  'user@example.com',
  '--password=abc',
  'mysql',
  '-phunter2',
  'curl',
  '-u',
  'bob:hunter2',
  '{"password":"x"}',
  'p\u00e4ss',
  '\ud83d',
  'a\\nb',
  'aGVsbG8gd29ybGQgaGVsbG8=',
  ' x',
  '',
  '<a>b</a>',
];

const event = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(...strings),
    fc.string({ maxLength: 12 }),
    fc.constantFrom(0, -1.5, 1e30, 123456789012, true, false, null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('any'), { maxLength: 5 }),
  object: fc
    .array(fc.tuple(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, fc.string({ maxLength: 40 })), tie('any')), {
      maxLength: 6,
    })
    .map((members) => new Written(members)),
})).object as fc.Arbitrary<Written>;

/** An object whose names may repeat. */
class Written {
  readonly members: readonly (readonly [string, unknown])[];
  constructor(members: readonly (readonly [string, unknown])[]) {
    this.members = members;
  }
}

function write(value: unknown): string {
  if (value instanceof Written)
    return `{${value.members.map(([name, one]) => `${JSON.stringify(name)}:${write(one)}`).join(',')}}`;
  if (Array.isArray(value)) return `[${value.map(write).join(' , ')}]`;
  return JSON.stringify(value);
}

describe('scan/simd/tape-reader', () => {
  let plan: Plan;
  let scanners: Scanners;
  const make = (): Scanners => ({
    plain: createScanner(plan, ruleTexts, 7),
    fast: createScanner(plan, ruleTexts, 7, new Kernel(kernelModule())),
  });

  before(async () => {
    const [packFiles, ruleFiles, mapping] = await Promise.all([shippedPacks(), shippedRules(), shippedMapping()]);
    ({ plan } = loadEngine({
      policy: 'standard',
      enable: [],
      keepUsers: [],
      packFiles,
      ruleFiles,
      mapping,
      keyRing: testKeyRing,
    }));
    scanners = make();
  });

  const expectSame = (text: string | Uint8Array): void => {
    const bytes = Uint8Array.from(Buffer.from(text));
    expect(outcome(scanners.fast, bytes)).to.deep.equal(outcome(scanners.plain, bytes));
  };

  it('finds what the walker in TypeScript finds, in events and in what is no JSON any more', () => {
    const change = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 2 });
    fc.assert(
      fc.property(event, change, (value, changes) => {
        const text = Uint8Array.from(Buffer.from(write(value)));
        expectSame(text);
        for (const [at, byte] of changes) if (text.length > 0) text[at % text.length] = byte;
        if (changes.length > 0) expectSame(text);
      }),
      { numRuns: 1500 },
    );
  });

  it('finds the same in what the packs themselves name: programs, flags, names and conditions, however often it was met', () => {
    // As some encoders write what a browser might take amiss, a word of a command line among it.
    const spelled = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
    const escaped = (json: string): string =>
      json.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) => string.replaceAll(/[=<>&' -]/g, spelled));
    let masked = 0;
    fc.assert(
      fc.property(plannedEvents(plan), fc.boolean(), (value, isEscaped) => {
        const json = JSON.stringify(value);
        const text = isEscaped ? escaped(json) : json;
        for (let round = 0; round < 3; round++) expectSame(text);
        const bytes = Buffer.from(text.padEnd(text.length + limits.tilePaddingBytes));
        masked += scanners.plain.scan(bytes, 0, Buffer.byteLength(text)).edits.count;
      }),
      { numRuns: 500 },
    );
    expect(masked).to.be.above(500);
  });

  it('looks at lists that may be command lines wherever they stand, however often their words were met', () => {
    const lists = [
      '["mysql","-phunter2"]',
      '["mysql","-p","hunter2"]',
      '["curl","-u","bob:hunter2"]',
      '["a",["mysql","-pabc123"],"-b"]',
    ];
    for (let round = 0; round < 4; round++) {
      for (const list of lists) {
        for (const place of ['"foo":', '"spec":{"containers":[{"command":', '"x":{"groups":']) {
          const open = `{"requestObject":{${place}${list}`;
          const depth = place.split(/[{[]/).length - 1;
          const closed = depth === 0 ? '}}' : place.includes('[') ? '}]}}}' : '}}}';
          expectSame(open + closed);
        }
      }
    }
    const bytes = Buffer.from('{"requestObject":{"foo":["mysql","-phunter2"]}}'.padEnd(200));
    expect(scanners.fast.scan(bytes, 0, 47).edits.count).to.equal(1);
  });

  it('finds names that repeat in another spelling', () => {
    const repeated = (text: string): boolean => {
      expectSame(text);
      const bytes = new Uint8Array(Buffer.byteLength(text) + limits.tilePaddingBytes);
      bytes.set(Buffer.from(text));
      return scanners.fast.scan(bytes, 0, Buffer.byteLength(text)).repeatedKeys;
    };
    for (const [one, other] of [
      ['kind', 'k\\u0069nd'],
      ['\\u006bind', 'kin\\u0064'],
      ['new-name-7', 'new\\u002dname-7'],
      ['<b>', '\\u003cb\\u003e'],
      ['\\/a', '/a'],
      ['é', '\\u00e9'],
      ['k:{\\"a\\":1}', 'k:{\\u0022a\\u0022:1}'],
      ['k:{\\u0022a\\":1}', 'k:{\\"a\\":1}'],
      ['a\\"b', '\\u0061\\"b'],
      ['a\\nb', 'a\\u000ab'],
      ['a\\nb\\"', 'a\\u000ab\\"'],
      ['\\\\x', '\\u005cx'],
      ['\\\\\\"', '\\\\\\"'],
      [`${'n'.repeat(300)}`, `\\u006e${'n'.repeat(299)}`],
    ]) {
      expect(repeated(`{"${one}":1,"x":{"y":2},"${other}":3}`), `${one} and ${other}`).to.equal(true);
      expect(repeated(`{"${other}":1,"x":{"y":2},"${one}":3}`), `${other} and ${one}`).to.equal(true);
      expect(repeated(`{"${one}":1,"x":{"${other}":3}}`), `${one} and an inner ${other}`).to.equal(false);
    }
  });

  it('finds the same in an event that is cut at any byte', () => {
    const text =
      '{"kind":"Event","n":[-1.5e3,true,false,null,{}],"user":{"username":"b\\u00e9\u00e9 \\n"},"kind":"Secret","data":{"a":"é"}} ';
    const bytes = Buffer.from(text);
    for (let end = 0; end <= bytes.length; end++) expectSame(bytes.subarray(0, end));
  });

  it('finds the same at the deepest nesting, one level beyond it, and in long lists of names', () => {
    for (const depth of [limits.jsonDepth - 1, limits.jsonDepth, limits.jsonDepth + 1]) {
      expectSame(`${'['.repeat(depth)}${']'.repeat(depth)}`);
      expectSame(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    }
    const many = Array.from({ length: 3000 }, (_, i) => `"name${i}":{"name${i % 7}":"10.0.0.${i % 256}"}`);
    expectSame(`{${many.join(',')}}`);
    expectSame(`{${many.join(',')},${many[5]}}`);
    expectSame(`{"${'n'.repeat(300)}":1,"${'n'.repeat(300)}":2,"${'n'.repeat(255)}":3}`);
  });

  it('finds the same fields before a text that is nested too deep, and none behind it', () => {
    const deep = `${'['.repeat(limits.jsonDepth)}${']'.repeat(limits.jsonDepth)}`;
    const text = `{"verb":"get","user":{"username":"a","extra":{"b":["c","${deep}"]}},"userAgent":"kubectl","objectRef":{"name":"d"}}`;
    for (let round = 0; round < 4; round++) {
      expectSame(text);
      expectSame(text.replace('"get"', `"${deep}"`));
      expectSame(text.replace(deep, 'e'));
    }
  });

  it('gives strings it has met before a key of their own, until it forgets them', () => {
    const { fast } = make();
    const keyOf = (verb: string): number => {
      const bytes = Buffer.from(`{"verb":"${verb}","objectRef":{"resource":"${verb}"}}`.padEnd(200));
      const { extracts } = fast.scan(bytes, 0, bytes.indexOf('}}') + 2);
      const at = [...extracts.starts.subarray(0, extracts.count)].indexOf(9);
      return extracts.keys?.[at] ?? -1;
    };
    for (let round = 0; round < 3; round++) for (const verb of ['get', 'list', 'watch']) keyOf(verb);
    const keys = ['get', 'list', 'watch'].map(keyOf);
    expect(new Set(keys).size).to.equal(3);
    expect(Math.min(...keys)).to.be.at.least(0);
    expect(['get', 'list', 'watch'].map(keyOf)).to.deep.equal(keys);
    const { keySpace } = fast.scan(new Uint8Array(64), 0, 0).extracts;
    for (let i = 0; i < 40_000; i++) keyOf(`verb-${i >> 1}`);
    expect(fast.scan(new Uint8Array(64), 0, 0).extracts.keySpace).not.to.equal(keySpace);
  });

  it('finds the same after more names than are remembered, and in events that do not fit the tables', () => {
    for (let round = 0; round < 3; round++) {
      const fresh = Array.from({ length: 6000 }, (_, i) => `"r${round}-${i}":${i}`);
      expectSame(`{${fresh.join(',')},"password":"abc","user":{"username":"bob"}}`);
    }
    expectSame(`{"args":[${Array.from({ length: 40_000 }, () => '"--password=x"').join(',')}]}`);
    expectSame(`{${Array.from({ length: 70_000 }, (_, i) => `"k${i % 69_999}":0`).join(',')}}`);
  });
});
