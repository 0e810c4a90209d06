import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import { auditEvent, CliFolder, linesOf } from '../cli/run-cli.ts';

/** Names that every object has from its prototype, or that change one. */
const names = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', '__defineGetter__'];
const secret = 'S3cr3t-planted-value-91';

/** An event with these names at every depth and a secret below each of them. */
function hostileEvent(number: number): string {
  const below = names
    .map((name) => `"${name}":{"password":"${secret}","polluted":"yes","${name}":{"token":"${secret}"}}`)
    .join(',');
  const event = auditEvent({ auditID: `proto-${number}`, verb: 'create' });
  return `${event.slice(0, -1)},${below},"annotations":{${names.map((name) => `"${name}":"yes"`).join(',')}},"requestObject":{"kind":"Secret","metadata":{"name":"__proto__","labels":{${names.map((name) => `"${name}":"x"`).join(',')}}},"data":{${names.map((name) => `"${name}":"${Buffer.from(secret).toString('base64')}"`).join(',')}}}}`;
}

describe('faults/prototype-names', function () {
  this.timeout(120_000);
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
  });
  after(() => folder.remove());

  const input = [...Array.from({ length: 20 }, (_, i) => hostileEvent(i)), auditEvent({ auditID: 'plain' })].join('\n');
  /** Here whoever reaches for a prototype by that name, or changes a built-in one, throws. */
  const strict = { NODE_OPTIONS: '--disable-proto=throw' };

  it('mask keeps the names, masks what is below them, and goes on', async () => {
    const { code, stdout } = await folder.run(['mask'], `${input}\n`, strict);
    expect(code).to.equal(0);
    const lines = linesOf(stdout);
    expect(lines).to.have.length(21);
    for (const name of names) expect(lines[0]).to.contain(`"${name}":`);
    expect(stdout).not.to.contain(secret);
    expect(stdout).not.to.contain(Buffer.from(secret).toString('base64'));
    expect(lines.at(-1)).to.contain('plain');
  });

  it('detect finds the same in other events as without them', async () => {
    const stranger = { username: 'system:anonymous', groups: ['system:unauthenticated'] };
    const event = auditEvent({ auditID: 'plain', verb: 'create', user: stranger });
    const plain = await folder.run(['detect'], `${event}\n`, strict);
    const mixed = await folder.run(['detect'], `${input}\n${event}\n`, strict);
    expect([plain.code, mixed.code]).to.deep.equal([0, 0]);
    expect(mixed.stdout).not.to.contain(secret);
    const rulesOfPlain = (text: string): readonly string[] =>
      linesOf(text)
        .map((line) => JSON.parse(line) as Finding)
        .filter(({ event, episode }) => event.user === stranger.username && !episode)
        .map(({ rule }) => rule.id);
    expect(rulesOfPlain(plain.stdout)).not.to.deep.equal([]);
    expect(rulesOfPlain(mixed.stdout)).to.deep.equal(rulesOfPlain(plain.stdout));
  });
});
