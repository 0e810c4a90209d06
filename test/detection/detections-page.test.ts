import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { detectionsPage } from '../../src/detection/detections-page.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import type { RuleSet } from '../../src/detection/rule-set.ts';
import { shippedMapping, shippedRules } from '../../src/pipeline/load-files.ts';

describe('detection/detections-page', () => {
  let set: RuleSet;
  let page: string;
  before(async () => {
    set = loadRules(await shippedRules(), { mapping: await shippedMapping(), profile: 'hunting' });
    page = detectionsPage(set);
  });
  const rowOf = (name: string): string => page.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';

  it('is what docs/detections.md holds (write it with `auditveil docs`)', () => {
    expect(readFileSync('docs/detections.md', 'utf8')).to.equal(page);
  });

  it('has a row for every rule and every correlation', () => {
    const names = [...set.rules, ...set.correlations].map(({ rule }) => rule.info.name);
    expect(names.filter((name) => rowOf(name) === '')).to.deep.equal([]);
    expect(names.length).to.be.at.least(150);
  });

  it('says what a rule needs: the body, a list, other rules', () => {
    expect(rowOf('Privileged container')).to.contain('| Request |').and.to.contain('T1611');
    expect(rowOf('All secrets of the cluster listed')).to.contain('| Metadata |');
    expect(rowOf('User who is not on the list')).to.contain('list `known_users`');
    expect(rowOf('Burst of refused requests from one address')).to.contain('event_count of `forbidden`');
    expect(rowOf('Request refused')).to.contain('| feeds |');
  });
});
