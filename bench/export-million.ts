import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { limits } from '../src/core/limits.ts';
import { openLog } from '../src/log/open-log.ts';
import { openLogReader } from '../src/log/open-log-reader.ts';
import { storedTile } from '../src/log/stored-tile.ts';
import { corpusFile } from './corpus.ts';
import { cpuSeconds, peakMegabytes } from './process-usage.ts';

/**
 * How long an export of many mixed events takes and how much memory, in each format: `node dist/bench/export-million.js [events] ['jsonl jsonl,csv parquet']`. The
 * log holds the corpus, masked, over and over; everything is deleted at the end.
 */
const wanted = Number(process.argv[2] ?? 1_000_000);
const root = fileURLToPath(new URL('../..', import.meta.url));
const main = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-export-'));
const state = path.join(directory, 'state');

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

async function run(args: readonly string[]): Promise<Run> {
  const began = process.hrtime.bigint();
  const child = spawn(process.execPath, [main, ...args], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, XDG_STATE_HOME: state },
  });
  let [cpu, megabytes] = [0, 0];
  const timer = setInterval(() => {
    megabytes = Math.max(megabytes, peakMegabytes(child.pid ?? 0));
    try {
      cpu = cpuSeconds(child.pid ?? 0);
    } catch {
      // It has ended.
    }
  }, 50);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`auditveil ${args[0]} ended with exit code ${code}`);
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9, cpuSeconds: cpu, megabytes };
}

/** Fills the log of events with what the small one holds. @returns bytes */
async function fill(): Promise<number> {
  const small = path.join(directory, 'small/events');
  const clock = { nowMs: (): number => Date.now() };
  const log = await openLog({
    directory: path.join(directory, 'data/events'),
    name: 'events',
    clock,
    segmentBytes: limits.segmentBytes,
  });
  let events = 0;
  while (events < wanted) {
    const reader = await openLogReader({ directory: small });
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      await log.appendAll(batch.records.map(storedTile));
      events += batch.records.length;
    }
    await reader.close();
  }
  const { bytes } = log.status();
  await log.close();
  return bytes;
}

try {
  await run(['run', '--once', corpusFile(path.join(root, 'bench/corpus'), 8), '--data-dir', 'small', '-o', 'none']);
  writeFileSync(path.join(directory, 'empty.log'), '');
  await run(['run', '--once', path.join(directory, 'empty.log'), '--data-dir', 'data', '-o', 'none']);
  const bytes = await fill();
  process.stdout.write(`log of ${(bytes / 1e6).toFixed(0)} MB\n`);
  for (const formats of process.argv[3]?.split(' ') ?? ['jsonl', 'jsonl,csv', 'parquet']) {
    const out = formats.replace(',', '-');
    const used = await run(['export', '--data-dir', 'data', '--format', formats, '--out', out]);
    const size = statSync(path.join(directory, out, formats === 'parquet' ? 'events.parquet' : 'events.jsonl')).size;
    process.stdout.write(
      `${formats}: ${used.seconds.toFixed(1)} s, ${used.cpuSeconds.toFixed(1)} s of CPU, ${used.megabytes.toFixed(0)} MB at most; ${(size / 1e6).toFixed(0)} MB\n`,
    );
    rmSync(path.join(directory, out), { recursive: true });
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
