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

  it('says which bodies a rule needs, and when there never is one', () => {
    expect(codes('s: { stage: ResponseComplete, requestObject.a: 1 }\ncondition: s')).to.deep.equal(['needs-body']);
    const token =
      's: { stage: ResponseComplete, objectRef.resource: serviceaccounts, objectRef.subresource: token, requestObject.a: 1 }\ncondition: s';
    expect(codes(token)).to.deep.equal(['needs-body', 'body-never-logged']);
  });
});
