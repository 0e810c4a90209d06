import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config, SinkConfig } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { SinkContext } from '../core/sink-context.ts';
import { sinkContext } from '../pipeline/sink-context.ts';
import { makeSink } from '../registry.ts';
import { Checking, type CheckResult } from './check-result.ts';

const timeoutMs = 10_000;

type SinkPlace = Pick<SinkContext, 'cluster' | 'clock'>;

/** Whether each sink would take something now. Nothing is written. */
export async function checkSinks({ sinks, cluster }: Config, clock: Clock): Promise<readonly CheckResult[]> {
  const place = { cluster: cluster.name, clock };
  if (sinks.length === 0) return [new Checking('sinks').skipped('none: findings and events stay in the log')];
  return (await Promise.all(sinks.map((sink) => checkSink(sink, place)))).flat();
}

function checkSink(sink: SinkConfig, { cluster, clock }: SinkPlace): Promise<readonly CheckResult[]> {
  const checking = new Checking(`sink ${sink.name}`);
  return checking.from(async () =>
    sink.type === 'file' ? [await checkFile(checking, sink.path)] : [await tryOut(checking, sink, { cluster, clock })],
  );
}

/** Opening a file sink makes its file, and this may not be the user the agent runs as: only looked at. */
async function checkFile(checking: Checking, path: string): Promise<CheckResult> {
  const isThere = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  const target = isThere ? path : dirname(path);
  const isWritable = await access(target, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (isWritable) return checking.ok(isThere ? `${path} can be written` : `${path} will be made`);
  return checking.failed(
    `${target} cannot be written by this user`,
    'Make the folder, and let the user of the agent write to it.',
  );
}

async function tryOut(checking: Checking, config: SinkConfig, { cluster, clock }: SinkPlace): Promise<CheckResult> {
  const signal = AbortSignal.timeout(timeoutMs);
  const sink = await makeSink(config, await sinkContext({ cluster, clock, signal, notice: () => undefined }));
  try {
    await sink.open(signal);
    await sink.check(signal);
    return checking.ok('it would take something now');
  } finally {
    await sink.close();
  }
}
