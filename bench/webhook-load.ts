import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pinned } from './machine.ts';
import { cpuSeconds, peakMegabytes } from './process-usage.ts';
import { main, writeReceiverConfig } from './write-receiver-config.ts';

export interface WebhookLoad {
  readonly bodies: readonly Buffer[];
  /** Events in all bodies together. */
  readonly events: number;
  readonly inFlight: number;
}

export interface WebhookSample {
  /** Events acknowledged in a second of processor time of the receiver, all of its threads together. */
  readonly eventsPerCpuSecond: number;
  readonly p99Ms: number;
  readonly peakMegabytes: number;
}

const host = '127.0.0.1';
const port = 21_464;
const listOpening = Buffer.from('{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[');
/** Share of the bodies sent before the measurement begins: compilers and pools are warm then. */
const warmUpShare = 0.25;
/** The thorough self-test comes five seconds after the start and takes a second: it belongs to the start, not to the load. */
const startedMs = 7_000;
const quietMs = 500;
/** Processor time in `quietMs` of a receiver that has nothing to do. */
const quietSeconds = 0.03;

const anything = (_line: Buffer): boolean => true;

/** Bodies as kube-apiserver sends them, from the lines of a log that `keeps` takes, each line in one of them. */
export function bodiesOf(file: string, eventsPerBody: number, bodies: number, keeps = anything): WebhookLoad {
  const text = readFileSync(file);
  const made: Buffer[] = [];
  let [items, count, events]: [Buffer[], number, number] = [[], 0, 0];
  for (let at = 0; at < text.length && made.length < bodies; ) {
    const end = text.indexOf(10, at);
    const line = text.subarray(at, end);
    at = end + 1;
    if (!keeps(line)) continue;
    items.push(count === 0 ? listOpening : Buffer.from(','), line);
    if (++count < eventsPerBody) continue;
    made.push(Buffer.concat([...items, Buffer.from(']}\n')]));
    events += count;
    [items, count] = [[], 0];
  }
  return { bodies: made, events, inFlight: 3 };
}

/** `auditveil run` with a webhook on the last processor; the sender wants the others. */
export async function measureWebhook(load: WebhookLoad): Promise<WebhookSample> {
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-bench-'));
  const config = writeReceiverConfig(directory, `${host}:${port}`);
  const beganMs = performance.now();
  const [program = process.execPath, ...args] = pinned([process.execPath, main, 'run', '--config', config]);
  const child = spawn(program, args, { stdio: 'ignore' });
  const ended = once(child, 'close');
  try {
    await Promise.race([untilReady(), ended.then(() => Promise.reject(new Error('the receiver ended by itself')))]);
    return await sendAll(load, child.pid ?? 0, beganMs + startedMs);
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  }
}

async function sendAll({ bodies, events, inFlight }: WebhookLoad, pid: number, notBeforeMs: number): Promise<WebhookSample> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const warmUp = Math.floor(bodies.length * warmUpShare);
  const times: number[] = [];
  const send = async (from: number, to: number): Promise<void> => {
    let next = from;
    const loop = async (): Promise<void> => {
      for (let body = bodies[next++]; body && next <= to; body = bodies[next++]) {
        const began = performance.now();
        const status = await post(agent, body);
        if (status !== 200) throw new Error(`answered ${status}`);
        times.push(performance.now() - began);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, loop));
  };
  await send(0, warmUp);
  await untilQuiet(pid, notBeforeMs);
  times.length = 0;
  const before = cpuSeconds(pid);
  await send(warmUp, bodies.length);
  const used = cpuSeconds(pid) - before;
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    eventsPerCpuSecond: (events * times.length) / bodies.length / used,
    p99Ms: times[Math.floor(0.99 * times.length)] ?? Number.NaN,
    peakMegabytes: peakMegabytes(pid),
  };
}

function post(agent: Agent | undefined, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request({ host, port, method: 'POST', path: '/', headers, ...(agent && { agent }) }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', () => resolve(0));
    sent.end(body);
  });
}

async function untilReady(): Promise<void> {
  while ((await post(undefined, Buffer.alloc(0))) !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function untilQuiet(pid: number, notBeforeMs: number): Promise<void> {
  for (let used = quietSeconds; used >= quietSeconds || performance.now() < notBeforeMs; ) {
    const before = cpuSeconds(pid);
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    used = cpuSeconds(pid) - before;
  }
}
