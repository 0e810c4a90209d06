import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadRules } from '../../src/detection/load-rules.ts';
import { openLog } from '../../src/log/open-log.ts';
import { applyPolicy } from '../../src/masking/policy.ts';
import { composeEngine, type Engine } from '../../src/pipeline/compose-engine.ts';
import { FindingStage } from '../../src/pipeline/finding-stage.ts';
import { identifier } from '../../src/pipeline/open-engine.ts';
import { reachMs, rebuildState } from '../../src/pipeline/rebuild-state.ts';
import { auditEvent, listPodsRule } from '../cli/run-cli.ts';
import { fixedKeyRing, tileOfTexts } from './support.ts';

const rules = loadRules([
  {
    file: 'rules.yml',
    text: `${listPodsRule.replace('level: medium', 'name: listed\nlevel: informational')}---
title: Many lists
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b02
correlation: { type: event_count, rules: [listed], group-by: [user.username], timespan: 1m, condition: { gte: 3 } }
level: high
`,
  },
]);
const beganMs = Date.UTC(2026, 4, 4);
const latenessMs = 60_000;

describe('pipeline/rebuild-state', () => {
  const keyRing = fixedKeyRing();
  const identify = identifier(keyRing);
  const makeStage = (): FindingStage => new FindingStage({ rules, identify, latenessMs });
  let engine: Engine;
  let folder = '';

  before(() => {
    engine = composeEngine({ policy: applyPolicy([], { policy: 'standard', enable: [], keepUsers: [] }), rules, keyRing });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-rebuild-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** One event every 20 seconds, each in a segment of its own; the reader comes to the one of this number. */
  async function writeLog(count: number, readTo: number): Promise<string> {
    const directory = join(folder, 'events');
    let nowMs = beganMs;
    const log = await openLog({
      directory,
      name: 'events',
      clock: { nowMs: () => nowMs },
      segmentBytes: 1024,
      reserveBytes: 0,
      tickMs: 0,
    });
    const reader = await log.reader('findings');
    for (let i = 0; i < count; i++) {
      nowMs = beganMs + i * 20_000;
      const at = new Date(nowMs).toISOString().replace('Z', '000Z');
      const text = auditEvent({
        auditID: `r-${i}`,
        requestReceivedTimestamp: at,
        stageTimestamp: at,
        user: { username: 'eve', groups: [] },
      });
      const { end } = await log.append(engine.inspector.inspect(tileOfTexts([text], nowMs * 1000)));
      if (i + 1 === readTo) await reader.commit(end);
    }
    await log.close();
    return directory;
  }

  const rebuild = (directory: string, maxBytes = 1e9) =>
    rebuildState({ directory, reader: 'findings', rules, latenessMs, maxBytes, makeStage });
  const episodesOf = (rebuilt: Awaited<ReturnType<typeof rebuild>>): readonly { id: string; revision: number }[] => {
    const state = rebuilt?.saved.snapshot.correlations[0]?.state as {
      readonly groups: Iterable<{ readonly episodes: readonly { id: string; revision: number }[] }>;
    };
    return [...state.groups].flatMap(({ episodes }) => episodes);
  };

  it('gives an episode that began long before the window its name and revision, and stops where the reader had come to', async () => {
    const directory = await writeLog(70, 60);
    const whole = await rebuild(directory);
    const [episode, ...others] = episodesOf(whole);
    expect(others).to.have.length(0);
    expect(whole?.records).to.equal(60);
    expect(whole?.complete).to.equal(true);
    // Told at 3, 6, 12, 24 and 48 events.
    expect(episode?.revision).to.equal(5);
    await rm(directory, { recursive: true });
    const early = await rebuild(await writeLog(3, 3));
    expect(episodesOf(early)[0]).to.deep.include({ id: episode?.id, revision: 1 });
  });

  it('says where the log was not read back far enough', async () => {
    const directory = await writeLog(70, 60);
    const part = await rebuild(directory, 20_000);
    expect(part?.complete).to.equal(false);
    expect(part?.records).to.be.within(5, 59);
  });

  it('has nothing to do where nothing was read or no rule needs it', async () => {
    const directory = await writeLog(5, 0);
    expect(await rebuild(directory)).to.equal(undefined);
    const none = loadRules([{ file: 'rules.yml', text: listPodsRule }]);
    expect(await rebuildState({ directory, reader: 'findings', rules: none, latenessMs, maxBytes: 1e9, makeStage })).to.equal(
      undefined,
    );
  });

  it('reaches back two windows, what is learnt, and the lateness', () => {
    const rule = rules.correlations.map((loaded) => loaded.rule);
    expect(reachMs(rule, false, latenessMs)).to.equal(180_000);
    expect(reachMs(rule, true, latenessMs)).to.equal(300_000);
    expect(reachMs([], false, 0)).to.equal(0);
  });
});
