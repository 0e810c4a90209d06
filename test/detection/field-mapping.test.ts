import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { parseFieldMapping } from '../../src/detection/field-mapping.ts';

describe('detection/field-mapping', () => {
  it('reads groups, names and values', () => {
    const mapping = parseFieldMapping(
      'fields.yml',
      'groups: { pod: [a.b, c] }\nnames: { x: pod.z, y: [{ field: requestURI, as: command }] }\nvalues: [{ field: Code, value: ALLOW, means: { field: decision, value: allow } }]',
    );
    expect(mapping.groups.get('pod')).to.deep.equal(['a.b', 'c']);
    expect(mapping.names.get('y')).to.deep.equal([{ field: 'requestURI', transform: 'command' }]);
    expect(mapping.values.get('code allow')).to.deep.equal({ field: 'decision', value: 'allow' });
  });

  it('refuses other sections and broken YAML with a fault that names the file', () => {
    for (const text of ['nmaes: {}', 'names: {', 'names: { a: { field: b, as: rot13 } }']) {
      expect(() => parseFieldMapping('fields.yml', text), text)
        .to.throw(Fault)
        .that.has.property('code', 'E_RULE_FIELDS');
    }
  });
});
