import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Fault } from '../../src/core/faults.ts';
import type { LogPosition } from '../../src/core/log.ts';
import { rotated } from '../../src/crypto/change-keys.ts';
import { openLog } from '../../src/log/open-log.ts';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { readersBeforeEpoch } from '../../src/pipeline/epoch-readers.ts';
import { auditEvent } from '../cli/run-cli.ts';
import { fixedKeyRing, tileOfTexts } from './support.ts';

describe('pipeline/epoch-readers', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'epochs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('names the readers that hold records of an epoch before them', async () => {
    const first = fixedKeyRing();
    const second = rotated(first, { key: new Uint8Array(32).fill(9), nowMs: 0, fromMs: 0, overlapMs: 0 });
    const options = { policy: 'standard', enable: [], keepUsers: [], packFiles: [], ruleFiles: [], keyRing: first } as const;
    const engine = loadEngine(options);
    const log = await openLog({ directory: `${folder}/events`, name: 'events', clock: { nowMs: Date.now } });
    const ends: LogPosition[] = [];
    for (const ring of [first, first, second]) {
      const { end } = await log.append(engine.inspectorWith(ring.at(Date.now())).inspect(tileOfTexts([auditEvent()])));
      ends.push(end);
    }
    const [afterOne, afterTwo, atEnd] = ends as [LogPosition, LogPosition, LogPosition];
    for (const [name, position, whenBehind] of [
      ['slow', afterOne, 'hold'],
      ['past', afterTwo, 'hold'],
      ['done', atEnd, 'hold'],
      ['careless', afterOne, 'skip'],
    ] as const)
      await (await log.reader(name, { whenBehind })).commit(position);
    await log.close();
    expect(await readersBeforeEpoch(folder, 'k1')).to.deep.equal(['slow']);
    expect([...(await readersBeforeEpoch(folder, 'k2'))].sort()).to.deep.equal(['past', 'slow']);
    expect(await readersBeforeEpoch(folder, 'k3')).to.deep.equal([]);
  });

  it('fails where there is no log', async () => {
    let code = '';
    await readersBeforeEpoch(join(folder, 'none'), 'k1').catch((error: unknown) => {
      code = (error as Fault).code;
    });
    expect(code).to.equal('E_LOG_MISSING');
  });
});
