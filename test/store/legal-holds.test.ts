import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createHold, readHolds, releaseHold, timeHolds } from '../../src/store/legal-holds.ts';

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

describe('store/legal-holds', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-holds-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const hold = (name: string, more: object = {}) =>
    createHold(directory, { case: name, created: '2026-05-04T10:00:00.000Z', by: 'ann', ...more });

  it('is in force once it is made, for nobody else to read, until it is released', async () => {
    expect(await timeHolds(directory)).to.deep.equal([]);
    await hold('ACME-7', { since: '2026-05-01T00:00:00.000Z' });
    await hold('b.2', { until: '2026-06-01T00:00:00.000Z' });
    expect(await timeHolds(directory)).to.deep.equal([
      { name: 'legal hold ACME-7', sinceMs: Date.parse('2026-05-01'), untilMs: Number.POSITIVE_INFINITY },
      { name: 'legal hold b.2', sinceMs: Number.NEGATIVE_INFINITY, untilMs: Date.parse('2026-06-01') },
    ]);
    expect(statSync(join(directory, 'holds/ACME-7.json')).mode & 0o077).to.equal(0);
    expect(await hold('ACME-7').catch(codeOf)).to.equal('E_USAGE_HOLD');
    await releaseHold(directory, 'ACME-7');
    expect((await readHolds(directory)).holds.map((one) => one.case)).to.deep.equal(['b.2']);
    expect(await releaseHold(directory, 'ACME-7').catch(codeOf)).to.equal('E_USAGE_HOLD');
    expect(readdirSync(join(directory, 'holds'))).to.deep.equal(['b.2.json']);
  });

  it('holds everything where a hold cannot be read', async () => {
    mkdirSync(join(directory, 'holds'));
    for (const text of [
      '',
      '{',
      '{"format":1,"case":"other","created":"2026-05-04"}',
      '{"format":1,"case":"x","since":"never"}',
      '7',
    ]) {
      writeFileSync(join(directory, 'holds/x.json'), text);
      const [only, ...rest] = await timeHolds(directory);
      expect(rest, text).to.deep.equal([]);
      expect(only, text).to.include({ sinceMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY });
    }
    rmSync(join(directory, 'holds'), { recursive: true });
    writeFileSync(join(directory, 'holds'), 'no folder');
    expect((await readHolds(directory)).unreadable).to.have.length(1);
  });

  it('takes no case that could be a path', async () => {
    for (const name of ['../x', 'a/b', '', '.x', 'x'.repeat(65), 'a b'])
      expect(await hold(name).catch(codeOf), name).to.equal('E_USAGE_CASE');
    expect(await createHold(join(directory, 'none'), { case: 'a', created: '', by: '' }).catch(codeOf)).to.equal('E_USAGE_HOLD');
  });
});
