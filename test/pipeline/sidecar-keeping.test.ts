import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import type { LogStatus } from '../../src/log/segment-log.ts';
import { SidecarKeeping } from '../../src/pipeline/sidecar-keeping.ts';
import { until } from '../support/until.ts';

const segment = (number: number): string => `${String(number).padStart(10, '0')}.seg`;
const sidecar = (number: number): string => `${String(number).padStart(10, '0')}.parquet`;

describe('pipeline/sidecar-keeping', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-keeping-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function keeping(numbers: readonly number[], fails?: () => boolean) {
    for (const number of numbers) writeFileSync(join(directory, segment(number)), '');
    const status = { end: { segment: Math.max(...numbers), offset: 64 }, segments: numbers.length, full: false };
    const [made, notices]: [number[], string[]] = [[], []];
    const keeper = new SidecarKeeping({
      directory,
      log: { status: () => ({ ...status }) as LogStatus },
      clock: { nowMs: () => Date.now() },
      notice: (text) => void notices.push(text),
      make: (number) => {
        if (fails?.()) return Promise.reject(new Fault('no room', { code: 'E_STORE_ROOM' }));
        made.push(number);
        writeFileSync(join(directory, sidecar(number)), '');
        return Promise.resolve();
      },
      lookMs: 2,
    });
    return { keeper, made, notices, status };
  }

  it('makes those that are missing, the newest first, and not that of the segment that takes records', async () => {
    writeFileSync(join(directory, sidecar(2)), '');
    const { keeper, made, status } = keeping([1, 2, 3, 4]);
    await until('it has', () => made.length === 2);
    expect(made).to.deep.equal([3, 1]);
    status.end.segment = 5;
    writeFileSync(join(directory, segment(5)), '');
    await until('it has', () => made.length === 3);
    expect(made.at(-1)).to.equal(4);
    await keeper.stop();
  });

  it('removes those of deleted segments, and what was left half written', async () => {
    writeFileSync(join(directory, sidecar(1)), '');
    writeFileSync(join(directory, `${sidecar(7)}.123.tmp`), '');
    const { keeper } = keeping([3, 4]);
    await until('it has', () => readdirSync(directory).join() === [segment(3), sidecar(3), segment(4)].sort().join());
    await keeper.stop();
  });

  it('leaves none of a segment that was deleted last of all', async () => {
    const { keeper, made } = keeping([3, 4]);
    await until('it has', () => made.length === 1);
    rmSync(join(directory, segment(3)));
    await keeper.stop();
    expect(readdirSync(directory)).to.deep.equal([segment(4)]);
  });

  it('says once what fails, and tries again', async () => {
    let failing = true;
    const { keeper, made, notices } = keeping([1, 2], () => failing);
    await until('it has', () => notices.length === 1);
    failing = false;
    await until('it has', () => made.length === 1);
    expect(notices).to.have.length(1);
    expect(notices[0]).to.include('E_STORE_ROOM');
    await keeper.stop();
  });
});
