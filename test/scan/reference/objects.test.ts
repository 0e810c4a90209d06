import { expect } from 'chai';
import { engineOf, kernelModule, maskOne } from '../../support/inspect-lines.ts';

const pack = `
id: boxes
summary: Boxes whose members are all masked.
rules:
  - id: documents
    kind: document
    category: secret
    about: JSON in strings.
    document: { format: json }
  - id: box
    kind: box
    category: secret
    about: Every member of a box but its label.
    structure: { in: '**', when: { type: box, open: { absent: true } }, event: { verb: create }, mask: '*', except: [label, type] }
examples:
  - { name: a box, rule: [documents, box], event: { kind: Event, verb: create, requestObject: { type: box, a: free-text } }, gone: free-text }
  - { name: a bag, rule: [documents, box], event: { kind: Event, verb: create, requestObject: { type: bag, a: free-text } }, unchanged: true }
`;

describe('scan/reference/objects', () => {
  for (const kernel of [undefined, kernelModule()]) {
    const engine = engineOf([pack], kernel ? { kernel } : {});
    const masked = (event: string): string => maskOne(engine, event);
    const how = kernel ? 'with the kernel' : 'without the kernel';

    it(`masks all members of an object that turns out to be of a kind, whatever their order and depth, ${how}`, () => {
      expect(
        masked('{"verb":"create","x":[{"a":"b","n":12,"label":"l","deep":{"c":["d",true]},"type":"box"}],"y":"z"}'),
      ).to.equal(
        '{"verb":"create","x":[{"a":"[MASKED:box]","n":0,"label":"l","deep":{"c":["[MASKED:box]",true]},"type":"box"}],"y":"z"}',
      );
      expect(masked('{"x":{"type":"box","a":"b"},"verb":"create"}')).to.equal(
        '{"x":{"type":"box","a":"[MASKED:box]"},"verb":"create"}',
      );
    });

    it(`leaves objects alone that do not fulfil all conditions, ${how}`, () => {
      for (const event of [
        '{"verb":"get","x":{"type":"box","a":"b"}}',
        '{"verb":"create","x":{"type":"box","a":"b","open":1}}',
        '{"verb":"create","x":{"type":"bag","a":"b"},"y":{"a":"b"}}',
      ]) {
        expect(masked(event)).to.equal(event);
      }
    });

    it(`masks the members of such an object in a string, and nothing where the string is no document after all, ${how}`, () => {
      expect(masked('{"verb":"create","s":"{\\"type\\":\\"box\\",\\"a\\":\\"b\\"}"}')).to.equal(
        '{"verb":"create","s":"{\\"type\\":\\"box\\",\\"a\\":\\"[MASKED:box]\\"}"}',
      );
      const broken = '{"verb":"create","s":"{\\"x\\":{\\"type\\":\\"box\\",\\"a\\":\\"b\\",}}"}';
      expect(masked(broken)).to.equal(broken);
    });
  }
});
