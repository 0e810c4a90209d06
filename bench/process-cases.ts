import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { corpusFile } from './corpus.ts';
import { cpuSeconds, peakMegabytes } from './process-usage.ts';
import { type Start, startCases } from './start-cases.ts';

/** A case that watches the program from outside. */
export interface ProcessCase {
  readonly name: string;
  readonly about: string;
  readonly unit: 'ms' | 'CPU-ms' | 'MB' | 'events/CPU-s' | 'x';
  /** Runs of this case; it costs too much, or too little, for the common number. */
  readonly rounds: (rounds: number) => number;
  readonly run: (root: string) => Promise<number>;
}

/** The program of the same build. */
const main = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

function start(state: string, args: readonly string[], stderr: 'pipe' | 'ignore' = 'ignore'): ChildProcess {
  // Node.js reads a whole certificate store for it before the program begins: 45 ms that are the machine's.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', stderr], env: { ...env, XDG_STATE_HOME: state } });
}

async function finished(child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`auditveil ended with exit code ${code}`);
}

/** Runs the program with the key already made and looks at the clock when it first says something on `stream`. */
async function untilSeen(
  root: string,
  stream: 'stdout' | 'stderr',
  argsOf: (file: string, state: string) => string[],
): Promise<Start> {
  const state = mkdtempSync(path.join(tmpdir(), 'auditveil-bench-'));
  const file = corpusFile(path.join(root, 'bench/corpus'), 1);
  try {
    await finished(start(state, ['mask', file]));
    const began = process.hrtime.bigint();
    const child = start(state, argsOf(file, state), 'pipe');
    child.stdin?.on('error', () => undefined);
    createReadStream(file).pipe(child.stdin as Writable);
    const end = finished(child);
    await Promise.race([once(child[stream] as Readable, 'data'), end]);
    const wallMs = Number(process.hrtime.bigint() - began) / 1e6;
    const cpuMs = cpuSeconds(child.pid ?? 0) * 1000;
    child.stderr?.resume();
    await end;
    return { wallMs, cpuMs };
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** From starting `auditveil mask` to its first line. */
const firstLine = (root: string): Promise<Start> => untilSeen(root, 'stdout', () => ['mask', '-']);

/** From starting `auditveil run` to its first line, which says that it is ready to read. */
const ready = (root: string): Promise<Start> =>
  untilSeen(root, 'stderr', (file, state) => ['run', '--once', '-o', 'none', file, '--data-dir', path.join(state, 'data')]);

/** How many times as fast two workers are as one, in wall time over the same file, one after the other. */
async function speedUp(root: string): Promise<number> {
  const state = mkdtempSync(path.join(tmpdir(), 'auditveil-bench-'));
  const file = corpusFile(path.join(root, 'bench/corpus'), 400);
  const seconds: number[] = [];
  try {
    for (const workers of ['1', '2']) {
      const began = process.hrtime.bigint();
      await finished(start(state, ['mask', '--workers', workers, file]));
      seconds.push(Number(process.hrtime.bigint() - began) / 1e9);
    }
    return (seconds[0] ?? Number.NaN) / (seconds[1] ?? Number.NaN);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** Largest resident set of `auditveil run --once` over a file of so many megabytes, as the kernel counts it. */
async function residentSet(root: string, megabytes: number): Promise<number> {
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-bench-'));
  const file = corpusFile(path.join(root, 'bench/corpus'), megabytes);
  const child = start(directory, ['run', file, '--once', '--data-dir', path.join(directory, 'data')]);
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakMegabytes(child.pid ?? 0));
  }, 100);
  try {
    await finished(child);
    return peak;
  } finally {
    clearInterval(timer);
    rmSync(directory, { recursive: true, force: true });
  }
}

const atLeastFive = (rounds: number): number => Math.max(5, rounds);

export const processCases: readonly ProcessCase[] = [
  ...startCases('mask-first-line', 'from start to the first masked line', firstLine, atLeastFive),
  ...startCases('run-ready', 'from start to ready to read', ready, atLeastFive),
  {
    name: 'workers',
    about: 'speed of mask over 400 MB with two workers, relative to one, in wall time: needs a machine that does nothing else',
    unit: 'x',
    rounds: (rounds) => rounds,
    run: speedUp,
  },
  ...[300, 1000].map(
    (megabytes): ProcessCase => ({
      name: megabytes === 1000 ? 'run-memory' : `run-memory-${megabytes}mb`,
      about: `largest resident set of run over a file of ${megabytes} MB`,
      unit: 'MB',
      rounds: () => 1,
      run: (root) => residentSet(root, megabytes),
    }),
  ),
];
