import { Command, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from '../../core/faults.ts';
import { type Finding, severities } from '../../core/finding.ts';
import { recordingMs } from '../../demo/recording-length.ts';
import type { DemoResult } from '../../demo/run-demo.ts';
import type { CliContext } from '../output.ts';
import type { prettyFinding as PrettyFindingFunction } from '../pretty-finding.ts';

type PrettyFinding = typeof PrettyFindingFunction;

interface DemoCommandOptions {
  readonly speed: number;
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
    .addHelpText('after', '\nExample:\n  auditveil demo --speed 10')
    .action((options: DemoCommandOptions) => demo(context, options.speed));
}

async function demo(context: CliContext, speed: number): Promise<void> {
  const [{ mkdtemp, rm }, { tmpdir }, { join }, { setTimeout: sleep }, { makeRecording }, { runDemo }, { loadOrCreateKeyRing }] =
    await Promise.all([
      import('node:fs/promises'),
      import('node:os'),
      import('node:path'),
      import('node:timers/promises'),
      import('../../demo/recording.ts'),
      import('../../demo/run-demo.ts'),
      import('../../crypto/key-ring-file.ts'),
      import('../pretty-finding.ts'),
    ]);
  const { output, stop } = context;
  const startMs = Date.now();
  const recording = makeRecording(recordingStart(startMs, speed));
  const directory = await mkdtemp(join(tmpdir(), 'auditveil-demo-'));
  try {
    const key = { created: new Date(startMs).toISOString(), clusterGroup: 'demo' };
    const { ring } = await loadOrCreateKeyRing(join(directory, 'keys.json'), key);
    await output.line(introduction(recording.events.length, speed));
    const result = await runDemo({
      recording,
      speed,
      directory: join(directory, 'data'),
      keyRing: ring,
      clock: { nowMs: Date.now },
      // An aborted wait is the end of the replay, not a failure.
      wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
      stop,
      show: (findings) => show(context, findings, prettyFinding),
    });
    await output.line(summary(result));
    if (result.leaked.length > 0) context.setExitCode(exitCodes.failed);
  } finally {
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

async function show(context: CliContext, findings: readonly Finding[], pretty: PrettyFinding): Promise<string> {
  const { columns, colour } = context.output;
  const text = findings.map((finding) => `${pretty(finding, { columns, colour })}\n`).join('');
  await context.output.write(text);
  return text;
}

function summary(result: DemoResult): string {
  const masked = result.masks.map(({ kind, count }) => `${kind} ${count}`);
  const values = result.masks.reduce((sum, { count }) => sum + count, 0);
  const found = severities.toReversed().flatMap((severity) => {
    const count = result.findings.get(severity);
    return count === undefined ? [] : [`${severity} ${count}`];
  });
  const leaks = result.leaked.map(({ kind, where }) => `\n  ${kind}: ${where}`).join('');
  return [
    '',
    `events    ${result.events} read, ${result.events} logged, ${result.stubs} stubs`,
    `masked    ${values} values: ${masked.join(', ')}`,
    `findings  ${found.join(', ')}`,
    `proof     planted secrets searched in every output: ${result.planted} planted, ${result.leaked.length} found${leaks}`,
  ].join('\n');
}
