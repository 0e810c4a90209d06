import { expect } from 'chai';
import { readExceptions } from '../../src/detection/exceptions.ts';
import { noMapping } from '../../src/detection/field-mapping.ts';
import { exceptionText, type SuggestInput, suggestExceptions } from '../../src/findings/suggest-exception.ts';

const masked = '[MASKED:user:k1:0011223344556677]';
const event = (user: string, namespace: string, more: object = {}) => ({
  verb: 'get',
  user: { username: user },
  userAgent: 'kubectl/v1.31.0 (linux/amd64)',
  objectRef: { resource: 'secrets', namespace, name: 'db' },
  ...more,
});
const base: Omit<SuggestInput, 'benign'> = {
  others: [],
  attacks: [],
  evidence: [],
  principal: undefined,
  mapping: noMapping,
  leavesOpen: () => true,
};
const best = (benign: readonly unknown[], more: Partial<SuggestInput> = {}) => {
  const [first] = suggestExceptions({ ...base, benign, ...more });
  return first && { ...first, where: Object.fromEntries(first.where.map(({ field, values }) => [field, values])) };
};

describe('findings/suggest-exception', () => {
  it('names who it is about and says as much as stays the same, not names of objects', () => {
    const found = best([event('system:serviceaccount:ci:robot', 'shop'), event('system:serviceaccount:ci:robot', 'test')]);
    expect(found?.where).to.deep.equal({
      'user.username': ['system:serviceaccount:ci:robot'],
      'objectRef.namespace': ['shop', 'test'],
      verb: ['get'],
      'objectRef.resource': ['secrets'],
      'userAgent|startswith': ['kubectl/'],
    });
    expect(found).to.deep.include({ alsoHides: 0, breaks: [] });
  });

  it('writes a user that was named in clear, recognises the pseudonym in the log, and never writes what is masked', () => {
    const principal = { clear: 'alice@example.com', forms: ['alice@example.com', masked] };
    const others = [event('[MASKED:user:k1:ffffffffffffffff]', 'shop'), event(masked, 'shop')];
    const found = best([event(masked, 'shop')], { principal, others });
    expect(found?.where['user.username']).to.deep.equal(['alice@example.com']);
    expect(found?.alsoHides).to.equal(1);
    const anybody = best([event(masked, 'shop')], { others });
    expect(anybody?.where).not.to.have.property('user.username');
    expect(JSON.stringify(suggestExceptions({ ...base, benign: [event(masked, masked)] }))).not.to.include('MASKED');
  });

  it('prefers what hides nothing else, and what breaks no attack before that', () => {
    const robot = event('system:serviceaccount:ci:robot', 'shop');
    const found = best([robot], { others: [event('system:serviceaccount:ci:robot', 'shop', { verb: 'list' })] });
    expect(found?.where).to.include.keys('user.username', 'verb');
    expect(found?.alsoHides).to.equal(0);
    const attack = { name: 'the same', events: [robot] };
    expect(best([robot], { attacks: [attack] })?.breaks).to.deep.equal(['the same']);
    const elsewhere = { name: 'elsewhere', events: [event('system:serviceaccount:ci:robot', 'kube-system'), robot] };
    expect(best([robot], { attacks: [elsewhere] })?.breaks).to.deep.equal([]);
  });

  it('leaves out what the rule fixes itself, and lists of more than ten values', () => {
    expect(best([event('a', 'shop')], { leavesOpen: (field) => field !== 'verb' })?.where).not.to.have.property('verb');
    const many = Array.from({ length: 11 }, (_, i) => event(`user-${i}`, 'shop'));
    expect(best(many)?.where).not.to.have.property('user.username');
  });

  it('uses fields of the body that the rule looks at, and finds nothing where nothing is common', () => {
    const image = { name: 'container.image', paths: [['requestObject', 'spec', 'containers', 'image']] };
    const pod = (name: string) => ({ requestObject: { spec: { containers: [{ image: masked }, { image: name }] } } });
    const found = best([pod('registry.example.com/a*'), pod('registry.example.com/b')], { evidence: [image] });
    expect(found?.where).to.deep.equal({ 'container.image': ['registry.example.com/a\\*', 'registry.example.com/b'] });
    expect(best([{}, event('a', 'b')])).to.equal(undefined);
  });

  it('writes a file that is read back', () => {
    const words = { owner: 'team: a', reason: '# because', expires: '2026-12-31' };
    const text = exceptionText('id', [{ field: 'user.username', values: ['a: b', "c'd"] }], words);
    const { exceptions } = readExceptions([{ file: 'e.yml', text }], noMapping);
    expect(exceptions[0]).to.deep.include({ rule: 'id', owner: 'team: a', reason: '# because' });
  });
});
