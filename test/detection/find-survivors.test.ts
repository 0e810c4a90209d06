import { expect } from 'chai';
import { noMapping } from '../../src/detection/field-mapping.ts';
import { findSurvivors } from '../../src/detection/find-survivors.ts';
import { countEpisodes } from '../../src/state/count-episodes.ts';
import { ruleOf } from '../support/rules.ts';

const survivors = (text: string): readonly string[] =>
  findSurvivors({ file: 'a.yml', text }, { mapping: noMapping, countEpisodes }).map(({ what }) => what);
const rule = ruleOf("s: { verb: get, 'code|gte': 400 }\ncondition: s", 1, 'name: a\n');
const yes = '  - { name: yes, match: true, event: { verb: get, code: 400 } }\n';

describe('detection/find-survivors', () => {
  it('names the changes no example notices', () => {
    const no = '  - { name: no, match: false, event: { verb: get, code: 300 } }\n';
    expect(survivors(`${rule}tests:\n${yes}${no}`)).to.deep.equal(['s: without verb']);
  });

  it('has nothing to say where each clause and each value has its example', () => {
    const no =
      '  - { name: no, match: false, event: { verb: get, code: 300 } }\n  - { name: other, match: false, event: { verb: put, code: 400 } }\n';
    expect(survivors(`${rule}tests:\n${yes}${no}`)).to.deep.equal([]);
  });

  it('knows rules without an id, and lists that the file gives', () => {
    const text = `placeholders: { verbs: [get] }
---
title: No id
logsource: { product: kubernetes, service: audit }
detection: { s: { verb|expand: '%verbs%' }, condition: s }
tests:
  - { name: yes, match: true, event: { verb: get } }
  - { name: no, match: false, event: { verb: put } }
`;
    expect(survivors(text)).to.deep.equal([]);
    expect(survivors(text.replace('  - { name: no, match: false, event: { verb: put } }\n', ''))).to.deep.equal([
      's: holds always',
    ]);
  });

  it('leaves filters alone: the rules they name may stand in other files', () => {
    const filter = `title: F
logsource: { product: kubernetes, service: audit }
filter: { rules: [elsewhere], known: { 'user.username': ci }, condition: not known }
---
`;
    const no = '  - { name: no, match: false, event: { verb: get, code: 300 } }\n';
    expect(survivors(`${filter}${rule}tests:\n${yes}${no}`)).to.deep.equal(['s: without verb']);
  });

  it('looks at correlations with the rules beside them', () => {
    const correlation = `---\ntitle: C\nid: 00000000-0000-4000-8000-000000000009\ncorrelation: { type: event_count, rules: [a], group-by: [user.username], timespan: 1m, condition: { gte: 3 } }\ntests:\n`;
    const stream = (findings: number, count: number, every: number): string =>
      `  - { name: x, findings: ${findings}, events: [{ at: 0, repeat: { count: ${count}, every: ${every} }, verb: get, code: 500, user: { username: u } }] }\n`;
    const no =
      '  - { name: no, match: false, event: { verb: get, code: 300 } }\n  - { name: other, match: false, event: { verb: put, code: 400 } }\n';
    const base = `${rule}tests:\n${yes}${no}`;
    expect(survivors(base + correlation + stream(1, 3, 30))).to.deep.equal([
      'gte 3 is 2',
      'the time span is twice as long',
      'without group-by',
    ]);
    const two = `  - { name: y, findings: 0, events: [{ at: 0, repeat: { count: 3, every: 1 }, verb: get, code: 500, user: { username: 'u{n}' } }] }\n`;
    expect(survivors(base + correlation + stream(1, 3, 30) + stream(0, 2, 1) + stream(0, 3, 31) + two)).to.deep.equal([]);
  });
});
