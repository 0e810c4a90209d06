import { expect } from 'chai';
import { falcoFaults, falcoRule, holds } from '../../support/falco.ts';

const event = {
  auditID: 'a-1',
  stage: 'ResponseComplete',
  verb: 'create',
  requestURI: '/api/v1/namespaces/shop/pods?limit=500',
  user: { username: 'Maria@example.com', groups: ['dev', 'system:authenticated'] },
  objectRef: { resource: 'pods', name: 'web-1', namespace: 'shop' },
  responseStatus: { code: 99 },
  userAgent: 'kubectl/v1.30 (linux) "x"',
};

/** Condition, whether it holds for the event, and whether it holds for an event that lacks the field. */
const rows: readonly (readonly [condition: string, holds: boolean])[] = [
  ['ka.verb = create', true],
  ['ka.verb == create', true],
  ['ka.verb=create', true],
  ['ka.verb = Create', false],
  ['ka.verb = "create"', true],
  ["ka.verb = 'create'", true],
  ['ka.verb != get', true],
  ['ka.verb != create', false],
  ['ka.verb contains rea', true],
  ['ka.verb contains REA', false],
  ['ka.verb icontains REA', true],
  ['ka.verb startswith cre', true],
  ['ka.verb startswith rea', false],
  ['ka.verb endswith ate', true],
  ['ka.verb endswith crea', false],
  ['ka.verb bcontains 726561', true],
  ['ka.verb bcontains 787878', false],
  ['ka.verb bstartswith 6372', true],
  ['ka.verb bstartswith 7265', false],
  ['ka.verb glob c*e', true],
  ['ka.verb glob c?eate', true],
  ['ka.verb glob C*', false],
  ['ka.verb iglob C*E', true],
  ['ka.verb glob c', false],
  ['ka.uri glob /api/*', true],
  ['ka.uri glob /api/v[0-9]/*', true],
  ['ka.uri glob /api/v[!0-9]/*', false],
  ['ka.verb glob "@(get|create)"', true],
  ['ka.verb glob "+(create|x)"', true],
  ['ka.verb regex "(get|crea.*)"', true],
  ['ka.verb regex "crea"', false],
  ['ka.verb regex "[a-z]+"', true],
  ['ka.uri pmatch (/api)', true],
  ['ka.uri pmatch (/ap)', false],
  ['ka.uri pmatch (/nowhere, /api/*/namespaces)', true],
  ['ka.uri pmatch (/api/v?/namespaces)', true],
  ['ka.uri pmatch (/)', true],
  ['ka.uri pmatch ()', false],
  ['ka.verb in (get, create)', true],
  ['ka.verb in (get)', false],
  ['ka.verb in ()', false],
  ['ka.verb in create', true],
  ['ka.verb intersects (get, create)', true],
  ['ka.user.groups in (dev, system:authenticated, other)', true],
  ['ka.user.groups in (dev)', false],
  ['ka.user.groups intersects (dev)', true],
  ['ka.user.groups intersects (admin)', false],
  ['ka.user.groups exists', true],
  ['ka.verb exists', true],
  ['ka.target.subresource exists', false],
  ['not ka.target.subresource exists', true],
  ['ka.response.code < 100', true],
  ['ka.response.code <= 99', true],
  ['ka.response.code > 98.5', true],
  ['ka.response.code >= 100', false],
  ['ka.response.code < 0x64', true],
  ['ka.response.code > -1', true],
  ['ka.response.code < 1e+3', true],
  ['ka.verb > 1', false],
  ['ka.response.code startswith 9', true],
  ['ka.verb = anyof (get, create)', true],
  ['ka.verb = oneof (create, create)', false],
  ['ka.verb startswith oneof (cre, get)', true],
  ['ka.verb startswith oneof (cre, c)', false],
  ['ka.verb contains allof (cre, ate)', true],
  ['ka.verb contains allof (cre, xyz)', false],
  ['ka.verb != allof (get, list)', true],
  ['ka.verb != allof (get, create)', false],
  ['ka.verb != anyof (get, create)', true],
  ['ka.verb glob anyof (x*, c*)', true],
  ['ka.verb regex anyof ("x.*", "c.*")', true],
  ['ka.verb = anyof ()', false],
  ['ka.verb != allof ()', false],
  ['ka.verb = anyof', false],
  ['ka.user.name icontains "MARIA@EXAMPLE"', true],
  ['ka.useragent contains "\\"x\\""', true],
  ['ka.useragent contains \'"x"\'', true],
  ['ka.useragent contains "\\x6bubectl\\/v1"', true],
  ['jevt.value[/responseStatus/code] = 99', true],
  ['ka.verb = val(ka.stage)', false],
  ['ka.stage != val(ka.verb)', true],
  ['ka.uri contains val(ka.target.namespace)', true],
  ['ka.uri contains val(ka.target.subresource)', false],
  ['ka.target.namespace in val(ka.user.groups)', false],
  ['ka.response.code < val(ka.response.code)', false],
];

/** The same checks of a field that is missing are all false. */
const missing = [
  '= x',
  '!= x',
  '< 1',
  '> 1',
  'contains x',
  'icontains x',
  'startswith x',
  'endswith x',
  'glob *',
  'iglob *',
  'regex .*',
];

describe('detection/falco/text-operators', () => {
  for (const [condition, expected] of rows) {
    it(`${condition}: ${expected}`, () => expect(holds(condition, event)).to.equal(expected));
  }

  it('are false where the field is missing, and true under not', () => {
    for (const check of [...missing, 'in (x)', 'intersects (x)', 'pmatch (/)', 'exists', '!= allof (x)', 'bcontains 78']) {
      expect(holds(`ka.impuser.name ${check}`, event), check).to.equal(false);
      expect(holds(`not ka.impuser.name ${check}`, event), `not ${check}`).to.equal(true);
    }
  });

  it('take an empty list and null for missing', () => {
    const bare = { ...event, user: { username: null, groups: [] } };
    for (const check of [
      'ka.user.groups exists',
      'ka.user.groups in (dev)',
      'ka.user.groups intersects (dev)',
      'ka.user.name exists',
      'ka.user.name != x',
    ])
      expect(holds(check, bare), check).to.equal(false);
  });

  it('compare in byte order where Falco does so', () => {
    expect(holds('ka.response.code >= 100', event, { falcoCompat: true })).to.equal(true);
    expect(holds('ka.response.code < 100', event, { falcoCompat: true })).to.equal(false);
  });

  it('refuse what they cannot do, with a remedy', () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['ka.user.groups = dev', /ka\.user\.groups is a list, and "=" compares one value Lists take/],
      ['ka.user.groups contains dev', /is a list/],
      ['ka.user.groups pmatch (/dev)', /is a list/],
      ['ka.user.groups = anyof (dev)', /is a list/],
      ['ka.verb glob "!(get)"', /"!\(…\)" is not supported in a pattern Put the negation outside/],
      ['ka.verb glob "@(get"', /a group of the pattern is not closed/],
      ['ka.verb regex "(?=x)"', /E_PATTERN_SYNTAX/],
      ['ka.verb regex "(x"', /E_PATTERN_SYNTAX/],
      ['ka.verb bcontains xyz', /"xyz" is no byte string/],
      ['ka.verb > create', /expected a number/],
      ['ka.verb regex val(ka.stage)', /takes its pattern from the rule/],
      ['ka.verb glob val(ka.stage)', /takes its pattern from the rule/],
      ['ka.verb = val(ka.user.groups)', /ka\.user\.groups is a list/],
      ['len(ka.verb) contains 1', /len\(ka\.verb\) is a number, and "contains" compares texts/],
      ['len(ka.verb) = x', /"x" is no number/],
      ['len(ka.verb) = val(ka.verb)', /are not both numbers/],
    ];
    for (const [condition, message] of wrong) {
      const [fault = '', ...more] = falcoFaults(falcoRule(condition));
      expect(fault, condition)
        .to.match(message)
        .and.match(/^1\.yml:3:\d+ E_/);
      expect(more, condition).to.deep.equal([]);
    }
  });
});
