import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readRetention, writeRetention } from '../../src/log/retention-file.ts';

describe('log/retention-file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'auditveil-retention-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back what was left, the last of it', async () => {
    const classes = { since: '2026-05-04T09:00:00.000Z', preset: 'pci', events: { keepMs: 5, maxAgeMs: 9 }, findings: {} };
    expect(await readRetention(folder)).to.equal(undefined);
    await writeRetention(folder, { ...classes, events: {} });
    await writeRetention(folder, classes);
    expect(await readRetention(folder)).to.deep.equal(classes);
  });

  it('knows nothing where somebody wrote something else', async () => {
    for (const text of ['', 'null', '{"format":1}', '{"format":1,"since":"x","events":{"keepMs":1.5},"findings":{}}', '[]']) {
      writeFileSync(path.join(folder, 'retention.json'), text);
      expect(await readRetention(folder)).to.equal(undefined);
    }
  });

  it('quotes no text of somebody else in what is signed', async () => {
    const right = { format: 1, since: '2026-05-04T09:00:00.000Z', preset: 'pci', events: {}, findings: {} };
    const write = (change: object): void =>
      writeFileSync(path.join(folder, 'retention.json'), JSON.stringify({ ...right, ...change }));
    write({});
    expect((await readRetention(folder))?.preset).to.equal('pci');
    write({ events: { keepMs: 5, planted: 'planted' }, planted: 'planted' });
    expect(JSON.stringify(await readRetention(folder)))
      .to.contain('keepMs')
      .and.to.not.contain('planted');
    for (const change of [{ since: 'planted' }, { preset: 'planted text' }, { preset: 'p'.repeat(33) }, { preset: 7 }]) {
      write(change);
      expect(await readRetention(folder), JSON.stringify(change)).to.equal(undefined);
    }
  });
});
