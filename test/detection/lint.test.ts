import { expect } from 'chai';
import { lintRules } from '../../src/detection/lint.ts';
import { load, ruleOf } from '../support/rules.ts';

const codes = (detection: string): readonly string[] => lintRules(load(ruleOf(detection))).map((note) => note.code);
const done = 'f: { stage: [RequestReceived, ResponseStarted] }\n';

describe('detection/lint', () => {
  it('finds nothing in a rule that is tied down', () => {
    expect(
      codes(`s: { verb: create, objectRef.resource: pods, objectRef.subresource: exec }\n${done}condition: s and not f`),
    ).to.deep.equal([]);
  });

  it('knows fields that no event has, and rules that therefore never match', () => {
    expect(codes("s: { verb: create, hostPath: '*', stage: ResponseComplete }\ncondition: s")).to.deep.equal([
      'unknown-field',
      'never-matches',
    ]);
    expect(codes('s: { responseStatus.code: ALLOW }\ncondition: s')).to.deep.equal(['never-matches']);
    expect(codes('s: { stage: ResponseCompleted }\ncondition: s')).to.deep.equal(['never-matches']);
  });

  it('shows where an unknown field stands and what was probably meant', () => {
    const text = ruleOf(
      "s: { verb: list, 'objectRef.resorce|startswith': sec, userAgnt: curl, nothing.like.it: x }\ncondition: s",
    );
    const notes = lintRules(load(text), { files: [{ file: 'test.yml', text }] }).filter(({ code }) => code === 'unknown-field');
    expect(notes.map(({ message }) => message)).to.deep.equal([
      'audit events have no field "objectRef.resorce"; did you mean "objectRef.resource"?',
      'audit events have no field "userAgnt"; did you mean "userAgent"?',
      'audit events have no field "nothing.like.it"',
    ]);
    const lines = text.split('\n');
    expect(notes.map(({ location: { line, column } }) => lines[line - 1]?.slice(column - 1, column + 4))).to.deep.equal([
      'objec',
      'userA',
      'nothi',
    ]);
  });

  it('names the list that a rule waits for, and says nothing else of the rule', () => {
    const text = `${ruleOf('s: { user|expand: "%known%" }\ncondition: s')}---\nplaceholders: { known: [] }\n`;
    const notes = lintRules(load(text));
    expect(notes.map(({ code }) => code)).to.deep.equal(['empty-list']);
    expect(notes[0]?.message).to.include('"known"');
    expect(lintRules(load(`${text}---\nplaceholders: { known: [a] }\n`)).map(({ code }) => code)).to.deep.equal([
      'several-stages',
    ]);
  });

  it('says when one request matches at several stages', () => {
    expect(codes('s: { verb: delete }\ncondition: s')).to.deep.equal(['several-stages']);
    expect(codes('s: { verb: delete, stage: ResponseComplete }\ncondition: s')).to.deep.equal([]);
  });

  it('says when subresources match as well', () => {
    expect(codes(`s: { verb: create, objectRef.resource: serviceaccounts }\n${done}condition: s and not f`)).to.deep.equal([
      'no-subresource-test',
    ]);
    expect(codes(`s: { verb: create, objectRef.resource: events }\n${done}condition: s and not f`)).to.deep.equal([]);
  });

  it('says when another rule, as severe or more, takes every event', () => {
    const pair = (narrow: string, wide: string, first = 'low', second = 'low'): readonly string[] =>
      lintRules(load(`${ruleOf(narrow, 1, `level: ${first}\n`)}---\n${ruleOf(wide, 2, `level: ${second}\n`)}`))
        .filter(({ code }) => code === 'shadowed')
        .map(({ ruleName }) => ruleName);
    const narrow = 's: { verb: get, stage: Panic, user.username: a }\ncondition: s';
    const wide = 's: { verb: [get, list], stage: Panic }\ncondition: s';
    expect(pair(narrow, wide)).to.deep.equal(['Rule 1']);
    expect(pair(wide, narrow)).to.deep.equal(['Rule 2']);
    expect(pair(narrow, wide, 'high')).to.deep.equal([]);
    expect(pair(narrow, wide, 'low', 'high')).to.deep.equal(['Rule 1']);
    expect(pair(wide, wide)).to.deep.equal(['Rule 2']);
    expect(pair(narrow, 's: { verb: list, stage: Panic }\ncondition: s')).to.deep.equal([]);
  });

  it('leaves rules alone that feed a correlation', () => {
    const rules = [1, 2].map((id) => ruleOf('s: { verb: get, stage: Panic }\ncondition: s', id)).join('---\n');
    const correlation =
      'title: C\nid: 00000000-0000-4000-8000-000000000009\ncorrelation: { type: event_count, rules: [00000000-0000-4000-8000-000000000002], group-by: [verb], timespan: 1m, condition: { gte: 3 } }\n';
    expect(lintRules(load(rules)).map(({ code }) => code)).to.deep.equal(['shadowed']);
    expect(lintRules(load(`${rules}---\n${correlation}`))).to.deep.equal([]);
  });

  it('says which bodies a rule needs, and when there never is one', () => {
    expect(codes('s: { stage: ResponseComplete, requestObject.a: 1 }\ncondition: s')).to.deep.equal(['needs-body']);
    const token =
      's: { stage: ResponseComplete, objectRef.resource: serviceaccounts, objectRef.subresource: token, requestObject.a: 1 }\ncondition: s';
    expect(codes(token)).to.deep.equal(['needs-body', 'body-never-logged']);
  });
});
