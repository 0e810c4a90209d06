import { expect } from 'chai';
import { builtRulesText, withBuiltTrees } from '../../src/pipeline/built-rules.ts';
import { shippedMapping, shippedMappingText, shippedRules } from '../../src/pipeline/load-files.ts';

describe('pipeline/built-rules', () => {
  it('knows the shipped files and the mapping as they are, and no other text', async () => {
    const files = await shippedRules();
    const mapping = await shippedMapping();
    const built = withBuiltTrees(files, shippedMappingText());
    expect(built.mapping).to.deep.equal(mapping);
    expect(built.files.filter(({ tree }) => tree === undefined)).to.deep.equal([]);
    const changed = withBuiltTrees([{ file: 'a.yml', text: `${files[0]?.text}\n# more` }], `${shippedMappingText()}\n`);
    expect([changed.mapping, changed.files[0]?.tree]).to.deep.equal([undefined, undefined]);
  });

  it('holds no examples', async () => {
    const text = builtRulesText(await shippedRules(), shippedMappingText(), await shippedMapping());
    expect(text).not.to.include('"tests"');
  });
});
