import fs from 'node:fs';
import { expect } from 'chai';
import { parseFieldMapping } from '../../src/detection/field-mapping.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { matchEvent, runExamples } from '../../src/detection/run-examples.ts';
import { faultsOf, head, load, ruleOf } from '../support/rules.ts';
import { sharedData } from '../support/shared-data.ts';

const simple = 'sel: { verb: get }\ncondition: sel';
const base = (name: string, id: number, more = ''): string => ruleOf(simple, id, `name: ${name}\n${more}`);
const correlationOf = (rules: string, more = '', id = 9): string =>
  `title: Many\nid: 00000000-0000-4000-8000-00000000000${id}\n${more}correlation: { type: event_count, rules: ${rules}, group-by: [user.username], timespan: 1m, condition: { gte: 2 } }\n`;

describe('detection/load-rules', () => {
  it('loads the published Kubernetes rules, and what they name fits real fields through the shipped mapping', function () {
    const folder = sharedData(this, 'data/detections/rules/sigma');
    const files = fs.readdirSync(folder).map((file) => ({ file, text: fs.readFileSync(`${folder}/${file}`, 'utf8') }));
    const mapping = parseFieldMapping('detectors/fields.yml', fs.readFileSync('detectors/fields.yml', 'utf8'));
    const set = loadRules(files, { mapping });
    expect(set.rules).to.have.length(16);
    const event = {
      verb: 'create',
      objectRef: { resource: 'pods' },
      requestObject: {
        spec: { volumes: [{ hostPath: { path: '/' } }], containers: [{ securityContext: { capabilities: { add: ['BPF'] } } }] },
      },
    };
    const names = matchEvent(set, event).rules.map((rule) => set.rules[rule]?.rule.info.name);
    expect(names).to.deep.equal(['Container With A hostPath Mount Created', 'Privileged Container Deployed']);
    expect(set.rules.every(({ rule }) => rule.info.author !== undefined)).to.equal(true);
  });

  it('refuses an id that is taken, in any file, and says where the other stands', () => {
    const [fault = ''] = faultsOf(`${ruleOf(simple)}---\n${ruleOf(simple)}`);
    expect(fault)
      .to.match(/^8:1 E_RULE_DUPLICATE/)
      .and.to.include('test.yml:1');
  });

  it('refuses a name that is taken, because correlations and filters go by it', () => {
    expect(faultsOf(`${base('a', 1)}---\n${base('a', 2)}`).join()).to.include('the name a is taken');
  });

  it('refuses a shipped rule without both kinds of examples', () => {
    const positive = 'tests:\n  - { name: a, match: true, event: { verb: get } }\n';
    const negative = '  - { name: b, match: false, event: { verb: list } }\n';
    expect(faultsOf(ruleOf(simple) + positive, { requireTests: true }).join()).to.include('E_RULE_TESTS');
    expect(faultsOf(ruleOf(simple) + positive + negative, { requireTests: true })).to.deep.equal([]);
  });

  it('keeps quiet about rules that feed a correlation, unless it says "generate"', () => {
    const quiet = load(`${base('a', 1)}---\n${correlationOf('[a]')}`);
    expect(quiet.rules.map(({ silent }) => silent)).to.deep.equal([true]);
    expect(quiet.infos.map((info) => info.name)).to.deep.equal(['Many']);
    const loud = load(`${base('a', 1)}---\n${correlationOf('[a]').replace('gte: 2 }', 'gte: 2 }, generate: true')}`);
    expect(loud.rules.map(({ silent }) => silent)).to.deep.equal([false]);
  });

  it('finds the rules of a correlation by id or name, in any order of documents, and refuses others', () => {
    expect(faultsOf(`${correlationOf('[a]')}---\n${base('a', 1)}`)).to.deep.equal([]);
    expect(faultsOf(`${correlationOf('[00000000-0000-4000-8000-000000000001]')}---\n${base('a', 1)}`)).to.deep.equal([]);
    expect(faultsOf(`${correlationOf('[refsued]')}---\n${base('refused', 1)}`).join()).to.include('Did you mean `refused`?');
    const chain = `${base('a', 1)}---\n${correlationOf('[a]', 'name: many\n')}---\n${correlationOf('[many]', '', 8)}`;
    expect(load(chain).infos.map(({ id }) => id.slice(-1))).to.deep.equal(['8']);
    expect(load(chain.replace(/gte: 2 \} \}\n$/, 'gte: 2 }, generate: true }\n')).infos).to.have.length(2);
  });

  it('loads rules of a profile only where it is asked for, but keeps those that a correlation needs', () => {
    const noisy = base('a', 1, 'custom: { profiles: [hunting] }\n');
    expect(load(noisy).rules).to.have.length(0);
    expect(load(noisy, { profile: 'hunting' }).rules).to.have.length(1);
    const needed = load(`${noisy}---\n${correlationOf('[a]')}`);
    expect(needed.rules.map(({ silent }) => silent)).to.deep.equal([true]);
    const offCorrelation = load(`${base('a', 1)}---\n${correlationOf('[a]', 'custom: { profiles: [hunting] }\n')}`);
    expect(offCorrelation.correlations).to.have.length(0);
    expect(offCorrelation.rules.map(({ silent }) => silent)).to.deep.equal([false]);
  });

  it('scans for no field that only rules outside of the profile name', () => {
    const other = ruleOf('sel: { requestObject.x: a }\ncondition: sel', 2, 'custom: { profiles: [hunting] }\n');
    const fields = (profile: 'default' | 'hunting') =>
      load(`${base('a', 1)}---\n${other}`, { profile }).matcher.fields.map(({ name, paths }) => [name, paths.length]);
    expect(fields('default')).to.deep.equal([
      ['verb', 1],
      ['requestObject.x', 0],
    ]);
    expect(fields('hunting')).to.deep.equal([
      ['verb', 1],
      ['requestObject.x', 1],
    ]);
  });

  it('loads the rule that docs/rules.md shows, and its examples come out as written', () => {
    const [, text = ''] = /```yaml\n(title[\s\S]*?)```/.exec(fs.readFileSync('docs/rules.md', 'utf8')) ?? [];
    const set = load(text, { profile: 'paranoid', requireTests: true });
    const countEpisodes = (): number => 0;
    expect(runExamples(set, { countEpisodes }).map(({ passed }) => passed)).to.deep.equal([true, true]);
  });

  it('collects the faults of all files', () => {
    const files = [1, 2].map((id) => ({
      file: `${id}.yml`,
      text: `${head(id)}detection: { sel: { verb: get }, condition: sle }\n`,
    }));
    expect(() => loadRules(files)).to.throw(/1\.yml:4:[\s\S]*2\.yml:4:/);
  });
});
