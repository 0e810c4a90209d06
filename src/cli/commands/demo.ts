import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from '../../core/faults.ts';
import { severities } from '../../core/finding.ts';
import { recordingMs } from '../../demo/recording-length.ts';
import type { DemoResult } from '../../demo/run-demo.ts';
import { webOption } from '../command-options.ts';
import type { CliContext } from '../output.ts';

interface DemoCommandOptions {
  readonly speed: number;
  readonly web?: string | true;
  readonly write?: string;
}

function parseSpeed(text: string): number {
  if (text === 'max') return Infinity;
  const speed = Number(text);
  if (!(speed > 0 && speed <= 1000)) throw new InvalidArgumentError('write a number from 0.1 to 1000, or max.');
  return speed;
}

/** `auditveil demo`: a recorded intrusion through the real path. */
export function demoCommand(context: CliContext): Command {
  return new Command('demo')
    .summary('replay a recorded intrusion: a minute of a small cluster, with findings on screen')
    .description(
      'Replays a made-up minute of a small cluster with an intrusion in it through scan, match, mask, log and findings. Everything happens in a temporary folder that is removed at the end. Last, every byte that came out is searched for the secrets that went in.',
    )
    .addOption(new Option('--speed <times|max>', 'how much faster than recorded').argParser(parseSpeed).default(1, '1'))
    .addOption(webOption())
    .addOption(new Option('--write <file>', 'only write the recording as an audit log, for `run`, `tail`, `export` and all else'))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil demo --speed 10\n  auditveil demo --web\n  auditveil demo --write audit.log && auditveil run --once audit.log --data-dir demo-data',
    )
    .action((options: DemoCommandOptions) => demo(context, options));
}

async function demo(context: CliContext, { speed, web, write }: DemoCommandOptions): Promise<void> {
  if (write !== undefined) return (await import('../write-recording.ts')).writeRecording(context, write, Date.now());
  const { makeRecording } = await import('../../demo/recording.ts');
  const { runDemo } = await import('../../demo/run-demo.ts');
  const { loadOrCreateKeyRing } = await import('../../crypto/key-ring-file.ts');
  const { prettyFinding } = await import('../pretty-finding.ts');
  const { output, stop } = context;
  const startMs = Date.now();
  const recording = makeRecording(recordingStart(startMs, speed));
  const directory = await mkdtemp(join(tmpdir(), 'auditveil-demo-'));
  const keyFile = join(directory, 'keys.json');
  const place = { directory: join(directory, 'data'), keyFile };
  const page = web === undefined ? undefined : await (await import('../demo-page.ts')).openDemoPage(context, place, web);
  try {
    const key = { created: new Date(startMs).toISOString(), clusterGroup: 'demo' };
    const { ring } = await loadOrCreateKeyRing(keyFile, key);
    await output.line(introduction(recording.events.length, speed));
    const result = await runDemo({
      recording,
      speed,
      directory: place.directory,
      keyRing: ring,
      clock: { nowMs: Date.now },
      // An aborted wait is the end of the replay, not a failure.
      wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
      stop,
      show: async (findings) => {
        const text = findings.map((finding) => `${prettyFinding(finding, output)}\n`).join('');
        await output.write(text);
        return text;
      },
      ...(page && { watch: page.watch }),
    });
    await output.line(summary(result, output.columns));
    if (result.leaked.length > 0) context.setExitCode(exitCodes.failed);
    await page?.stay();
  } finally {
    await page?.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Faster than recorded, the recording must have begun earlier: the log does not believe events from the future. */
function recordingStart(nowMs: number, speed: number): number {
  return Math.round(nowMs - recordingMs * Math.max(0, 1 - 1 / speed));
}

function introduction(events: number, speed: number): string {
  const pace =
    speed === Infinity ? 'at full speed' : speed === 1 ? 'in real time, one minute' : `${speed} times as fast as it happened`;
  return `Replaying ${events} audit events of a small cluster, ${pace}. Somebody is about to break in.\n`;
}

/** A list over as many lines as it needs, the further ones indented. */
function wrapped(parts: readonly string[], indent: number, columns: number): string {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    if (line !== undefined && indent + line.length + part.length + 3 <= columns) lines[lines.length - 1] = `${line}, ${part}`;
    else lines.push(part);
  }
  return lines.join(`,\n${' '.repeat(indent)}`);
}

function summary(result: DemoResult, columns: number): string {
  const masked = wrapped(
    result.masks.map(({ kind, count }) => `${kind} ${count}`),
    10,
    columns,
  );
  const values = result.masks.reduce((sum, { count }) => sum + count, 0);
  const found = severities.toReversed().flatMap((severity) => {
    const count = result.findings.get(severity);
    return count === undefined ? [] : [`${severity} ${count}`];
  });
  const leaks = result.leaked.map(({ kind, where }) => `\n  ${kind}: ${where}`).join('');
  return [
    '',
    `events    ${result.events} read, ${result.events} logged, ${result.stubs} stubs`,
    `masked    ${values} values:\n          ${masked}`,
    `findings  ${found.join(', ')}`,
    `proof     planted secrets searched in every output: ${result.planted} planted, ${result.leaked.length} found${leaks}`,
  ].join('\n');
}
