import fs from 'node:fs';
import { expect } from 'chai';
import { parseFieldMapping } from '../../src/detection/field-mapping.ts';
import { findSurvivors } from '../../src/detection/find-survivors.ts';
import { lintRules } from '../../src/detection/lint.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { runExamples } from '../../src/detection/run-examples.ts';
import { countEpisodes } from '../../src/state/count-episodes.ts';

const tactics = [
  ...['initial-access', 'execution', 'persistence', 'privilege-escalation', 'defense-evasion', 'credential-access', 'discovery'],
  ...['lateral-movement', 'impact'],
];
const mapping = parseFieldMapping('detectors/fields.yml', fs.readFileSync('detectors/fields.yml', 'utf8'));
const files = tactics.flatMap((tactic) =>
  fs
    .readdirSync(`detectors/${tactic}`)
    .map((name) => ({ file: `detectors/${tactic}/${name}`, text: fs.readFileSync(`detectors/${tactic}/${name}`, 'utf8') })),
);
const set = loadRules(files, { mapping, profile: 'hunting', requireTests: true });

describe('detection/detectors', () => {
  const filled = loadRules(files, { mapping, profile: 'hunting', exampleLists: true });
  for (const { ruleName, example, passed, why } of runExamples(filled, { countEpisodes })) {
    it(`${ruleName}: ${example}`, () => expect(passed, why).to.equal(true));
  }

  for (const file of files) {
    it(`${file.file}: every change of one thing in a rule is noticed by an example`, () => {
      const left = findSurvivors(file, { mapping, countEpisodes }).map(({ ruleName, what }) => `${ruleName}: ${what}`);
      expect(left).to.deep.equal([]);
    }).timeout(60_000);
  }

  it('cover every tactic and at least a hundred rows of the study', () => {
    for (const tactic of tactics)
      expect(
        files.some(({ file }) => file.includes(`/${tactic}/`)),
        tactic,
      ).to.equal(true);
    expect(new Set(set.infos.flatMap((info) => info.covers)).size).to.be.at.least(100);
  });

  it('name a tactic, a false positive, a reference and a row of the study each', () => {
    for (const { rule } of [...set.rules, ...set.correlations]) {
      expect(
        rule.info.tags.some((tag) => /^attack\.[a-z-]+$/.test(tag)),
        rule.info.name,
      ).to.equal(true);
      expect(rule.info.covers, rule.info.name).not.to.have.length(0);
      expect(rule.falsePositives, rule.info.name).not.to.have.length(0);
      expect(rule.references, rule.info.name).not.to.have.length(0);
      expect(rule.description, rule.info.name).not.to.equal('');
    }
  });

  it('give the linter nothing to say but which bodies they need', () => {
    const notes = lintRules(set).filter(({ code }) => code !== 'needs-body');
    // A 401 has one stage only, and which one is not written down anywhere: the rules take both.
    // A node that is refused is worth a look whatever part of the object it asked for.
    // Of tokens, the length is one way of three by which the rule tells strong ones.
    expect(notes.map(({ code, ruleName }) => `${code} ${ruleName}`)).to.have.members([
      'body-never-logged Strong or long token of a service account requested by a person',
      'empty-list Identity of a node used from elsewhere',
      'empty-list Image that is not on the list',
      'empty-list Namespace that is not on the list',
      'empty-list Request answered',
      'empty-list Request from an address with a bad name',
      'empty-list Request received',
      'empty-list User who is not on the list',
      'several-stages Request not authenticated',
      'several-stages Request not authenticated, by client',
      'no-subresource-test Node refused',
    ]);
  });

  it('use addresses and names of documentation only', () => {
    // Besides documentation addresses: loopback, metadata services, one of each private network, one that begins like
    // loopback, and those that load balancers of Google probe from, with their neighbours.
    const allowed =
      /^(192\.0\.2|198\.51\.100|203\.0\.113|127\.0\.0\.1|169\.254\.|100\.100\.100\.200|10\.1\.2\.3|100\.64\.0\.9|172\.16\.0\.9|192\.168\.0\.9|128\.0\.0\.1|35\.19[12]\.0\.1|130\.211\.)/;
    for (const { file, text } of files) {
      for (const address of text.match(/\b\d{1,3}(\.\d{1,3}){3}\b(?!\/\d)/g) ?? []) expect(address, file).to.match(allowed);
      for (const mail of text.match(/[\w.{}-]+@(?!sha256\b)[\w.-]+/g) ?? [])
        expect(mail, file).to.match(/@(?:[\w-]+\.)*example\.com(?:\.example)?$/);
    }
  });
});
