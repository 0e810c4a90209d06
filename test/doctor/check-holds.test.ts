import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkHolds } from '../../src/doctor/check-holds.ts';
import { Checking } from '../../src/doctor/check-result.ts';
import { createHold } from '../../src/store/legal-holds.ts';

const dayMs = 24 * 3_600_000;

describe('doctor/check-holds', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-check-holds-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Ten segments, a day each. */
  const segments = Array.from({ length: 10 }, (_, i) => ({
    number: i + 1,
    createdAtMs: i * dayMs,
    bytes: 100,
    previousBytes: 0,
  }));
  const look = (maxBytes: number | undefined) =>
    checkHolds(new Checking('log'), directory, [{ name: 'events', segments, maxBytes }]);
  const hold = (days: readonly [number, number]) =>
    createHold(directory, {
      case: 'A',
      since: new Date(days[0] * dayMs).toISOString(),
      until: new Date(days[1] * dayMs).toISOString(),
      created: new Date(0).toISOString(),
      by: 'ann',
    });

  it('says nothing where there is no hold', async () => {
    expect(await look(100)).to.deep.equal([]);
  });

  it('warns where holds keep half of what a log may take: all from the first segment that is held on', async () => {
    await hold([3.5, 4]);
    expect((await look(1_500)).map(({ state }) => state)).to.deep.equal(['ok']);
    const [warning] = await look(1_000);
    expect(warning).to.include({ state: 'warning' });
    expect(warning?.what).to.include('70 %').and.to.include('A');
    expect((await look(undefined)).map(({ state }) => state)).to.deep.equal(['ok']);
  });

  it('fails where a hold cannot be read', async () => {
    await hold([1, 2]);
    writeFileSync(join(directory, 'holds/A.json'), '{');
    expect((await look(1_000)).map(({ state }) => state)).to.deep.equal(['failed']);
  });
});
