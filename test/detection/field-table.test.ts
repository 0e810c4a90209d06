import { expect } from 'chai';
import { noMapping, parseFieldMapping } from '../../src/detection/field-mapping.ts';
import { FieldTable, pathsOfName } from '../../src/detection/field-table.ts';

describe('detection/field-table', () => {
  it('tries the longest literal key first below maps of free names', () => {
    expect(pathsOfName('annotations.authorization.k8s.io/decision')).to.deep.equal([
      ['annotations', 'authorization.k8s.io/decision'],
      ['annotations', 'authorization', 'k8s', 'io/decision'],
    ]);
    expect(pathsOfName('requestObject.metadata.labels.app.kubernetes.io/name')[0]).to.deep.equal([
      'requestObject',
      'metadata',
      'labels',
      'app.kubernetes.io/name',
    ]);
    expect(pathsOfName('objectRef.resource')).to.deep.equal([['objectRef', 'resource']]);
  });

  it('takes quotes at their word and leaves array brackets out', () => {
    expect(pathsOfName('annotations."a.b".c')).to.deep.equal([['annotations', 'a.b', 'c']]);
    expect(pathsOfName('spec.containers[].image')).to.deep.equal([['spec', 'containers', 'image']]);
  });

  it('gives a field named twice one number', () => {
    const table = new FieldTable(noMapping);
    expect(table.resolve('verb')).to.deep.equal(table.resolve('verb'));
    table.resolve('stage');
    expect(table.specs.map((spec) => spec.name)).to.deep.equal(['verb', 'stage']);
  });

  it('expands groups within groups, and ends where they run in a circle', () => {
    const mapping = parseFieldMapping(
      'fields.yml',
      'groups: { podSpec: [a, b.c], container: [podSpec.containers], loop: [loop.x] }',
    );
    const table = new FieldTable(mapping);
    table.resolve('container.image');
    expect(table.specs[0]?.paths).to.deep.equal([
      ['a', 'containers', 'image'],
      ['b', 'c', 'containers', 'image'],
    ]);
    expect(() => table.resolve('loop.y')).not.to.throw();
  });
});
