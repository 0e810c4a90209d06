import { Document, isScalar, visit } from 'yaml';

/** YAML in which lists of plain values stand on one line, as people write policies and roles. A `lineWidth` of 0 breaks no line. */
export function yamlWithFlowLists(value: unknown, lineWidth: number): string {
  const document = new Document(value);
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every(isScalar);
    },
  });
  return document.toString({ lineWidth, flowCollectionPadding: false });
}
