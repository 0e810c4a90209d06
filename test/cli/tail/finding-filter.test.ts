import { expect } from 'chai';
import { compileFilter, type FindingFilter, searchText } from '../../../src/cli/tail/finding-filter.ts';
import { compilePattern } from '../../../src/scan/pattern.ts';
import { aFinding, type FindingParts, pseudonym } from './a-finding.ts';

const passes = (filter: FindingFilter, parts: FindingParts = {}): boolean => compileFilter(filter)(aFinding(parts));

describe('cli/tail/finding-filter', () => {
  it('wants everything where nothing is asked', () => {
    expect(passes({})).to.equal(true);
  });

  it('asks for severity, rule by id or name, namespace', () => {
    expect([passes({ severity: 'high' }), passes({ severity: 'critical' })]).to.deep.equal([true, false]);
    expect([passes({ rules: ['R-1'] }), passes({ rules: ['secret*'] }), passes({ rules: ['r-2'] })]).to.deep.equal([
      ...[true, true, false],
    ]);
    expect([passes({ namespaces: ['x', 'sh*'] }), passes({ namespaces: [''] })]).to.deep.equal([true, false]);
    expect(passes({ namespaces: [''] }, { event: { namespace: '' } })).to.equal(true);
  });

  it('leaves controllers out, but not people, who is not known, and findings without a user', () => {
    const of = (user: string): boolean => passes({ humans: true }, { event: { user } });
    expect(['system:serviceaccount:a:b', 'system:node:n', 'system:kube-scheduler'].map(of)).to.deep.equal([false, false, false]);
    expect([pseudonym, 'system:anonymous'].map(of)).to.deep.equal([true, true]);
    const unknown = { ...aFinding(), event: { ...aFinding().event, user: undefined } };
    expect(compileFilter({ humans: true })(unknown)).to.equal(true);
  });

  it('finds a user as actor, behind a controller, in a group and in evidence; whole or as lines show the pseudonym', () => {
    const users = [pseudonym];
    expect([passes({ users }), passes({ users: ['user~3f2a91bc'] }), passes({ users: ['user~00000000'] })]).to.deep.equal([
      ...[true, true, false],
    ]);
    const event = { user: 'system:serviceaccount:kube-system:job-controller' };
    expect(passes({ users }, { event })).to.equal(false);
    expect(passes({ users }, { event, origin: { ...aFinding().event, time: '' } })).to.equal(true);
    expect(passes({ users }, { event, evidence: { 'impersonatedUser.username': [pseudonym] } })).to.equal(true);
    const episode = { id: '', count: 1, first: '', last: '', group: { 'user.username': pseudonym } };
    expect(passes({ users }, { event, episode })).to.equal(true);
  });

  it('includes and excludes by expressions over everything a person may look for', () => {
    const include = [compilePattern('nothing'), compilePattern('get secrets (db|web)')];
    expect(passes({ include })).to.equal(true);
    expect(passes({ include, exclude: [compilePattern('203\\.0\\.113\\.')] })).to.equal(false);
    expect(searchText(aFinding())).to.include('T1552'.toLowerCase()).and.to.include('user~3f2a91bc').and.to.include('shop/db');
  });
});
