import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { Faults } from '../../src/core/faults.ts';
import { parseFieldMapping } from '../../src/detection/field-mapping.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { matchEvent } from '../../src/detection/run-examples.ts';

const mapping = parseFieldMapping('fields.yml', readFileSync('detectors/fields.yml', 'utf8'));
const shipped = readdirSync('detectors', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yml') && name !== 'fields.yml')
  .sort()
  .map((name) => readFileSync(path.join('detectors', name), 'utf8'));

/** Every key, operator and form of the Falco language once. */
const falco = `# Copyright (C) 2026 Somebody.
- required_engine_version: 0.15.0
- required_plugin_versions:
    - { name: k8saudit, version: 0.7.0, alternatives: [{ name: k8saudit-eks, version: 0.4.0 }] }
- list: writes
  items: [create, update, "b c"]
- list: more
  items: [writes, patch]
- macro: done
  condition: ka.stage = ResponseComplete and not ka.response.code >= 400
- macro: pod
  condition: (ka.target.resource = "pods" and not ka.target.subresource exists)
- rule: Pod written
  desc: A pod is written
  condition: >
    done and pod and ka.verb in (more)
    and (ka.user.name glob "sys*" or tolower(ka.useragent) contains kubectl or ka.user.groups intersects (a, b))
    and ka.req.pod.containers.image[0] intersects (docker.io/web:1) and ka.uri startswith anyof (/api, /apis) and len(ka.uri) > 3
    and jevt.value[/objectRef/name] != val(ka.target.namespace) and ka.uri.param[a] regex '^a.*'
  output: 'Pod %ka.target.name %jevt.value[/verb] %tolower(ka.user.name) 100%%'
  priority: WARNING
  source: k8s_audit
  tags: [k8s]
  exceptions:
    - name: known
      fields: [ka.user.name, ka.target.namespace]
      comps: [=, startswith]
      values:
        - [adm, kube-]
    - { name: one, fields: ka.user.name, comps: pmatch, values: [/a, /b] }
- rule: Pod written
  condition: and ka.target.name exists
  override: { condition: append }
- list: writes
  items: [delete]
  append: true
`;

const event = {
  auditID: 'a',
  stage: 'ResponseComplete',
  verb: 'create',
  requestURI: '/api/v1/namespaces/shop/pods?a=abc',
  user: { username: 'system:x', groups: ['a'] },
  objectRef: { resource: 'pods', namespace: 'shop', name: 'web' },
  responseStatus: { code: 201 },
  requestObject: { spec: { containers: [{ name: 'a', image: 'docker.io/web:1' }] } },
};

/** Pieces of YAML and of both languages that mean something where they should not stand. */
const scraps = [
  ...['&a ', '*a', '<<: *a', '!!binary ', '---', '...', '? ', '- ', ': ', '{', '}', '[', ']', '"', "'", '|', '>', '%', '#', '\t'],
  ...[
    '\\',
    '\\x',
    ' not ',
    ' and',
    ' or ',
    '(',
    ')',
    ',',
    '=',
    ' in ',
    ' exists',
    '1 of ',
    'all of them',
    '|re',
    '|cidr',
    '|expand',
    '*',
  ],
  ...[
    'null',
    'true',
    '~',
    '0x',
    '1e999',
    '-1',
    '99999999999999999999',
    '%a%',
    '.',
    '..',
    '[0]',
    '\u0000',
    '\u2028',
    '\ud800',
    '\u00e9',
    '\ufeff',
  ],
];

type Damage = (text: string) => string;
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const lineOf = (text: string, at: number): number => Math.floor(at * text.split('\n').length);
const changeLines =
  (change: (lines: string[]) => void): Damage =>
  (text) => {
    const lines = text.split('\n');
    change(lines);
    return lines.join('\n');
  };
const damage: fc.Arbitrary<Damage> = fc.oneof(
  place.map((at) => (text: string) => text.slice(0, Math.floor(at * text.length))),
  fc.tuple(place, fc.constantFrom(...scraps)).map(([at, scrap]) => (text: string) => {
    const from = Math.floor(at * text.length);
    return text.slice(0, from) + scrap + text.slice(from);
  }),
  fc.tuple(place, fc.constantFrom(...scraps, '')).map(([at, scrap]) => (text: string) => {
    const from = Math.floor(at * text.length);
    return text.slice(0, from) + scrap + text.slice(from + 1);
  }),
  place.map((at) => (text: string) => changeLines((lines) => void lines.splice(lineOf(text, at), 1))(text)),
  place.map((at) => (text: string) => {
    return changeLines((lines) => void lines.splice(lineOf(text, at), 0, lines[lineOf(text, at)] ?? ''))(text);
  }),
  fc.tuple(place, place).map(([from, to]) => (text: string) => {
    return changeLines((lines) => void lines.splice(lineOf(text, to), 0, ...lines.splice(lineOf(text, from), 1)))(text);
  }),
  fc.tuple(place, fc.integer({ min: 1, max: 6 })).map(([at, blanks]) => (text: string) => {
    return changeLines((lines) => {
      const number = lineOf(text, at);
      lines[number] = ' '.repeat(blanks) + (lines[number] ?? '');
    })(text);
  }),
);

/** Loads, or says where the fault is; never anything else. */
function check(text: string): void {
  const started = performance.now();
  try {
    const set = loadRules([{ file: 'f.yml', text }], { mapping, profile: 'hunting' });
    matchEvent(set, event);
  } catch (error) {
    if (!(error instanceof Faults)) throw new Error(`no fault but ${String(error)} for:\n${text}`, { cause: error });
    expect(error.faults).not.to.have.length(0);
    const lines = text.split('\n');
    for (const { code, location, message } of error.faults) {
      expect(code, message).to.match(/^E_[A-Z_]+$/);
      expect(location?.file, `${message} in\n${text}`).to.equal('f.yml');
      expect(location?.line, message).to.be.within(1, lines.length);
      expect(location?.column, message).to.be.within(1, (lines[(location?.line ?? 1) - 1]?.length ?? 0) + 1);
    }
  }
  expect(performance.now() - started, text).to.be.below(20_000);
}

describe('detection/damaged-files', function () {
  this.timeout(120_000);

  it('the files that are damaged below load as they are', () => {
    const set = loadRules([{ file: 'f.yml', text: falco }], { mapping });
    expect(matchEvent(set, event).rules).to.deep.equal([0]);
  });

  it('Falco files load or are refused with a place, whatever is done to them', () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        check(damages.reduce((text, one) => one(text), falco));
      }),
      { numRuns: 400 },
    );
  });

  it('Sigma files load or are refused with a place, whatever is done to them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...shipped), fc.array(damage, { minLength: 1, maxLength: 3 }), (file, damages) => {
        check(damages.reduce((text, one) => one(text), file));
      }),
      { numRuns: 200 },
    );
  });

  /** Each of the words with a letter too many, once; every one of the texts is refused. */
  const refusesMisspelt = (whole: string, words: readonly string[]): void => {
    for (const word of words) {
      const at = whole.search(new RegExp(`(?<![\\w.])${word.replaceAll('.', '\\.')}(?![\\w.])`));
      expect(at, word).to.be.above(-1);
      const misspelt = `${word.slice(0, -1)}q${word.slice(-1)}`;
      const text = whole.slice(0, at) + misspelt + whole.slice(at + word.length);
      expect(() => loadRules([{ file: 'f.yml', text }], { mapping }), misspelt).to.throw(Faults);
    }
  };

  it('refuses every misspelt word of the Falco language', () => {
    refusesMisspelt(falco, [
      ...['required_engine_version', 'required_plugin_versions', 'alternatives', 'list', 'items', 'macro', 'condition', 'rule'],
      ...[
        'desc',
        'output',
        'priority',
        'source',
        'tags',
        'exceptions',
        'fields',
        'comps',
        'values',
        'override',
        'append',
        'WARNING',
      ],
      ...[
        'and',
        'not',
        'in',
        'glob',
        'contains',
        'intersects',
        'startswith',
        'anyof',
        'regex',
        'pmatch',
        'exists',
        'tolower',
        'len',
      ],
      ...['val', 'ka.stage', 'ka.response.code', 'ka.target.subresource', 'ka.user.groups', 'ka.req.pod.containers.image'],
      ...['jevt.value', 'ka.uri.param', 'done and', 'pod and'],
    ]);
  });

  it('refuses every misspelt word of the Sigma language', () => {
    const sigma = `title: T
id: 00000000-0000-4000-8000-000000000001
name: t
status: test
level: low
logsource: { product: kubernetes, service: audit }
detection:
  sel_one: { verb|contains|all: [a, b], user.username|re: x, requestURI|windash|endswith: -y, sourceIPs|cidr: 192.0.2.0/24 }
  sel_two: { 'stageTimestamp|hour|gte': 3, other|exists: true, objectRef.name|fieldref: verb, z|base64offset: q }
  condition: all of sel_* or not 1 of them
tests: [{ name: n, match: false, event: {} }]
---
title: C
id: 00000000-0000-4000-8000-000000000002
correlation:
  type: value_count
  rules: [t]
  group-by: [who]
  timespan: 5m
  aliases: { who: { t: verb } }
  generate: true
  condition: { field: verb, gte: 3 }
`;
    loadRules([{ file: 'f.yml', text: sigma }], { mapping });
    refusesMisspelt(sigma, [
      ...['title', 'status', 'level', 'logsource', 'product', 'service', 'detection', 'condition', 'tests', 'match', 'event'],
      ...['contains', 'all', 're', 'windash', 'endswith', 'cidr', 'hour', 'gte', 'exists', 'fieldref', 'base64offset'],
      ...[
        'all of',
        '1 of',
        'them',
        'correlation',
        'type',
        'value_count',
        'rules',
        'timespan',
        '5m',
        'aliases',
        'generate',
        'gte: 3',
      ],
    ]);
  });
});
