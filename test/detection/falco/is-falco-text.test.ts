import { expect } from 'chai';
import { isBlankText, isFalcoText } from '../../../src/detection/falco/is-falco-text.ts';
import { falcoFaults, falcoRule, loadFalco } from '../../support/falco.ts';

describe('detection/falco/is-falco-text', () => {
  it('knows a file of Falco rules by its first document being a list', () => {
    for (const text of [
      '- rule: A\n',
      '\uFEFF# c\n\n- list: a\n',
      '---\n- macro: m',
      '--- [{ rule: A }]',
      '%YAML 1.2\n---\n-\n  rule: A',
      '[]',
    ])
      expect(isFalcoText(text), text).to.equal(true);
    for (const text of ['', '# nothing\n', 'title: A\n', '---\ntitle: A', '{ title: A }', '-x: y', 'tags:\n  - a'])
      expect(isFalcoText(text), text).to.equal(false);
  });

  it('tells a file of comments, which Falco takes, from one with something in it', () => {
    for (const text of ['', '# local rules\n', '\uFEFF---\n  # x\n\n', '--- # x\n'])
      expect(isBlankText(text), text).to.equal(true);
    for (const text of ['- list: a', 'title: x # y', '---\n[]\n']) expect(isBlankText(text), text).to.equal(false);
    expect(loadFalco([falcoRule('ka.verb=get'), '# local rules\n']).rules).to.have.length(1);
    expect(falcoFaults('# local rules\n').join()).to.include('holds no rule');
  });
});
