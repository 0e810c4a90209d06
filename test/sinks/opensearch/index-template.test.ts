import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { findingIn } from '../../../src/core/finding-in.ts';
import { isJsonObject, type JsonObject, memberOf } from '../../../src/core/json-members.ts';
import { createFormatter } from '../../../src/findings/create-formatter.ts';
import { eventDocument } from '../../../src/sinks/opensearch/event-document.ts';
import { type IndexServer, indexTemplate } from '../../../src/sinks/opensearch/index-template.ts';
import { leavesOf, product } from '../../findings/support.ts';
import { root } from '../../support/source-files.ts';
import { contractRecord } from '../contract-records.ts';

const contents = ['events', 'findings'] as const;
const servers: readonly IndexServer[] = ['opensearch', 'elasticsearch'];

/** Where a dotted name ends in the mapping: a field, a body that is taken whole, or nothing. */
function typeOf(mapping: unknown, path: string): string {
  let node: unknown = mapping;
  for (let rest = path; ; ) {
    const properties = memberOf(node, 'properties');
    if (!isJsonObject(properties)) return String(memberOf(node, 'type') ?? 'none');
    const name = Object.keys(properties).find((known) => rest === known || rest.startsWith(`${known}.`));
    if (name === undefined) return 'none';
    node = properties[name];
    if (rest === name) return String(memberOf(node, 'type') ?? 'none');
    rest = rest.slice(name.length + 1);
  }
}

describe('sinks/opensearch/index-template', () => {
  it('is what deploy/opensearch has', () => {
    for (const content of contents)
      for (const server of servers) {
        const file = join(root, 'deploy/opensearch', `${content}.${server}.json`);
        const pattern = `auditveil-${content}-*`;
        expect(JSON.parse(readFileSync(file, 'utf8')), file).to.deep.equal(indexTemplate(content, server, pattern, false));
      }
  });

  it('has a field for everything our documents have, and makes none by itself', () => {
    const mapping = (content: 'events' | 'findings') =>
      (indexTemplate(content, 'elasticsearch', 'x', false) as { template: { mappings: JsonObject } }).template.mappings;
    const event = JSON.parse(JSON.stringify(eventDocument(contractRecord('events', 1)))) as object;
    const write = createFormatter('ecs', product);
    const finding = JSON.parse(write(findingIn(contractRecord('findings', 1)))) as object;
    const missing = [
      ...leavesOf(event).filter((leaf) => typeOf(mapping('events'), leaf) === 'none'),
      ...leavesOf(finding).filter((leaf) => typeOf(mapping('findings'), leaf) === 'none'),
    ];
    expect(missing).to.deep.equal([]);
    expect(mapping('events')['dynamic']).to.equal(false);
    expect(JSON.stringify(mapping('events'))).not.to.match(/"dynamic":true/);
  });
});
