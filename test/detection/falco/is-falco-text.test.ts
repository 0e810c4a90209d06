import { expect } from 'chai';
import { isFalcoText } from '../../../src/detection/falco/is-falco-text.ts';

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
});
