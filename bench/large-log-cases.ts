import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { writeLargeLog } from './large-log.ts';
import type { ProcessCase } from './process-cases.ts';
import { cpuSeconds } from './process-usage.ts';
import { type Start, startCases } from './start-cases.ts';
import { main, writeReceiverConfig } from './write-receiver-config.ts';

const megabytes = 1_000;
const address = '127.0.0.1:21465';

/** From the start of `auditveil run` over a log of 1 GB that has just been written to the receiver's first answer. */
async function measureStart(): Promise<Start> {
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-bench-'));
  try {
    const config = writeReceiverConfig(directory, address);
    await writeLargeLog(path.join(directory, 'data'), megabytes);
    // The first start finds no state of correlations and reads the log back for it; one event, and there is one.
    await start(config, sendOne);
    return await start(config);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function sendOne(): Promise<void> {
  const body =
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"1","stage":"ResponseComplete","verb":"get"}';
  await fetch(`http://${address}/`, { method: 'POST', body });
}

async function start(config: string, then?: () => Promise<void>): Promise<Start> {
  const began = performance.now();
  const child = spawn(process.execPath, [main, 'run', '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  try {
    await Promise.race([
      heard(child.stderr, 'listening'),
      ended.then(() => Promise.reject(new Error('the agent ended by itself'))),
    ]);
    const taken = { wallMs: performance.now() - began, cpuMs: cpuSeconds(child.pid ?? 0) * 1000 };
    await then?.();
    return taken;
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

function heard(stream: Readable, word: string): Promise<void> {
  let said = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes(word)) resolve();
    });
  });
}

/** How long senders wait after a crash, with a log of 1 GB whose every record the agent remembers. */
export const largeLogCases: readonly ProcessCase[] = startCases(
  'run-ready-1gb',
  'from start to listening, with a log of 1 GB',
  measureStart,
);
