import { expect } from 'chai';
import { loadRules, type RuleFile } from '../../../src/detection/load-rules.ts';
import { YamlSource } from '../../../src/detection/sigma/yaml-source.ts';
import { treeOf } from '../../../src/detection/sigma/yaml-tree.ts';
import { shippedMapping, shippedRules } from '../../../src/pipeline/load-files.ts';

const treeOfText = (text: string) => treeOf(new YamlSource('a.yml', text).documents, ['tests']);
const withTree = (file: RuleFile): RuleFile => {
  const tree = treeOfText(file.text);
  return tree ? { ...file, tree: JSON.parse(JSON.stringify(tree)) as typeof tree } : file;
};

describe('detection/sigma/yaml-tree', () => {
  it('gives the rules that the text gives, places included, but for their examples', async () => {
    const files = await shippedRules();
    const mapping = await shippedMapping();
    const trees = files.map(withTree);
    expect(trees.filter(({ tree }) => !tree).map(({ file }) => file)).to.deep.equal([]);
    const shown = (from: readonly RuleFile[]): unknown =>
      JSON.parse(
        JSON.stringify(loadRules(from, { mapping, profile: 'hunting' }), (name, value: unknown) =>
          name === 'tests' && Array.isArray(value) && value.some((test) => typeof test === 'object' && test && 'name' in test)
            ? []
            : value,
        ),
      );
    expect(shown(trees)).to.deep.equal(shown(files));
  }).timeout(60_000);

  it('keeps how values are written and where, through JSON', () => {
    const text = 'a: 1.20\nb: [true, "x: y", null, ~]\n---\nc: &v { d: e }\nf: *v\ntests: [1]\n';
    const source = new YamlSource('a.yml', text, JSON.parse(JSON.stringify(treeOfText(text))) as never);
    const [first, second] = source.documents;
    const members = (document: typeof first) => source.members(source.map(document?.contents) as never);
    expect(source.text(members(first)[0]?.value)).to.equal('1.20');
    expect(source.data(members(first)[1]?.value)).to.deep.equal([true, 'x: y', null, null]);
    expect(source.locationOf(members(second)[0]?.at)).to.deep.equal({ file: 'a.yml', line: 4, column: 1 });
    expect(members(second).map(({ name, value }) => [name, source.data(value)])).to.deep.equal([
      ['c', { d: 'e' }],
      ['f', { d: 'e' }],
    ]);
  });

  it('does not take what plain data has no word for', () => {
    for (const text of ['a: !x 1', '<<: { a: 1 }', 'a: [1', '? { a: 1 }\n: !!set {}'])
      expect(treeOfText(`x: &b { a: 1 }\n${text}\n`), text).to.equal(undefined);
  });
});
