import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { EventStore } from '../../src/core/event-store.ts';
import { ProcessStore } from '../../src/store/open-event-store.ts';
import { readyQuestions } from '../../src/store/ready-questions.ts';
import { StoreProcess } from '../../src/store/store-process.ts';
import { describeMachine } from '../machine.ts';
import { cpuSeconds } from '../process-usage.ts';
import { copySegments } from './copy-segments.ts';
import { writeStore } from './write-store.ts';

/** Measures ready questions, and those of the page, over a store of masked Metadata events. usage: npm run bench:store -- [--events N] [--copies N] */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    copies: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    dir: { type: 'string', default: '' },
  },
});
const never = new AbortController().signal;
const dayMs = 24 * 3_600_000;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

interface Asked {
  readonly name: string;
  readonly ask: (store: EventStore, process: StoreProcess) => Promise<unknown>;
}

function questions(nowMs: number): readonly Asked[] {
  const scope = { sinceMs: nowMs - 31 * dayMs, untilMs: nowMs + dayMs, users: ['system:node:worker-1'], limit: 1_000 };
  const { users: _, ...everybody } = scope;
  const ready = readyQuestions.map(({ name, needsUser, sql }) => ({
    name: `query ${name}`,
    ask: (_store: EventStore, process: StoreProcess) =>
      process.ask('query', [{ sql: sql(needsUser ? scope : everybody) }], never, () => undefined),
  }));
  const filter = { range: { sinceMs: scope.sinceMs, untilMs: scope.untilMs } };
  const lastDay = { range: { sinceMs: nowMs - dayMs, untilMs: nowMs } };
  return [
    ...ready,
    { name: 'page: newest 100', ask: (store) => store.search(filter, { limit: 100 }, never) },
    { name: 'page: newest 100 of the last day', ask: (store) => store.search(lastDay, { limit: 100 }, never) },
    { name: 'page: series of 31 days', ask: (store) => store.series(filter, 3_600_000, never) },
    { name: 'page: series of the last day', ask: (store) => store.series(lastDay, 600_000, never) },
    { name: 'page: top users of 31 days', ask: (store) => store.top(filter, 'user', 10, never) },
    { name: 'page: heat of 31 days', ask: (store) => store.heat({ ...filter, humans: true }, 20, never) },
  ];
}

async function measure(directory: string): Promise<void> {
  const process_ = new StoreProcess({ dataDirectory: directory, notice: () => undefined });
  const store = new ProcessStore(process_);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  await store.top({ range: { sinceMs: 0, untilMs: Date.now() + dayMs } }, 'verb', 1, never);
  say('| question | CPU s | wall s |\n|---|---|---|');
  for (const { name, ask } of questions(Date.now())) {
    const [cpu, wall]: [number[], number[]] = [[], []];
    for (let round = 0; round < Number(values.rounds); round++) {
      const [beganCpu, began] = [cpuSeconds(process_.pid ?? 0), performance.now()];
      await ask(store, process_);
      cpu.push(cpuSeconds(process_.pid ?? 0) - beganCpu);
      wall.push((performance.now() - began) / 1000);
    }
    say(`| ${name} | ${Math.min(...cpu).toFixed(2)} | ${Math.min(...wall).toFixed(2)} |`);
  }
  await store.close();
}

const directory = values.dir === '' ? mkdtempSync(path.join(tmpdir(), 'auditveil-bench-store-')) : values.dir;
try {
  if (values.dir === '') {
    mkdirSync(path.join(directory, 'findings'));
    await writeStore(directory, Number(values.events));
    // The first question makes the sidecars.
    const first = new StoreProcess({ dataDirectory: directory, notice: () => undefined });
    await first.ask('query', [{ sql: 'SELECT count(*) FROM events' }], never, () => undefined);
    await first.close();
    copySegments(directory, Number(values.copies));
  }
  process.stdout.write(`${JSON.stringify(describeMachine(root))}\n`);
  await measure(directory);
} finally {
  if (values.dir === '') rmSync(directory, { recursive: true, force: true });
}
