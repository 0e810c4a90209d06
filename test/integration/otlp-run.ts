import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { otlpSink } from '../../src/config/sinks/otlp.ts';
import { OtlpSink } from '../../src/sinks/otlp/otlp-sink.ts';
import { freePort } from '../faults/free-port.ts';
import { contractBatch, contractId } from '../sinks/contract-records.ts';
import { endProcess } from '../support/end-process.ts';
import { testSinkContext } from '../support/sink-context.ts';
import { until } from '../support/until.ts';
import { check, tell } from './check.ts';

/** The sink and a real OpenTelemetry Collector (test/servers/otelcol.sh). Ends with exit code 1 where something does not hold. */
const binary = process.env['OTELCOL'];
if (!binary) throw new Error('OTELCOL is not set: run test/servers/otelcol.sh');

const never = new AbortController().signal;
const folder = await mkdtemp(join(tmpdir(), 'auditveil-otelcol-'));
const port = await freePort();
const written = join(folder, 'logs.json');
await writeFile(
  join(folder, 'config.yaml'),
  `receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:${port}', max_request_body_size: 1000000 } } } }
exporters: { file: { path: '${written}', flush_interval: 100ms } }
service:
  telemetry: { metrics: { level: none } }
  pipelines: { logs: { receivers: [otlp], exporters: [file] } }
`,
);
const server = spawn(binary, ['--config', join(folder, 'config.yaml')], { stdio: 'ignore' });
const sinks = (['events', 'findings'] as const).map((content) => {
  const options = otlpSink.options.parse({ type: 'otlp', url: `http://127.0.0.1:${port}`, content });
  return new OtlpSink(options, testSinkContext());
});
const [events, findings] = sinks as [OtlpSink, OtlpSink];
const statuses = async (sink: OtlpSink, content: 'events' | 'findings', count: number): Promise<string> =>
  [...new Set((await sink.write(contractBatch(content, 0, count), never)).map(({ status }) => status))].join();
const text = (): Promise<string> => readFile(written, 'utf8').catch(() => '');
const countOf = async (wanted: RegExp): Promise<number> => ((await text()).match(wanted) ?? []).length;

async function story(): Promise<void> {
  await until(
    'the collector answers',
    () =>
      events.check(never).then(
        () => true,
        () => false,
      ),
    60_000,
  );
  check((await text()) === '', 'its check passes and writes nothing');
  check((await statuses(events, 'events', 500)) === 'delivered', '500 events are taken');
  check((await statuses(findings, 'findings', 50)) === 'delivered', '50 findings are taken');
  const uids = /"log\.record\.uid"/g;
  await until('they are exported', async () => (await countOf(uids)) >= 550, 20_000);
  check((await countOf(uids)) === 550, 'the collector has exported 550 log records');
  check((await countOf(/"eventName":"security\.finding"/g)) === 50, 'of which 50 are findings, by their name');
  check((await countOf(/"severityNumber":21/g)) === 25, 'and half of these are critical');
  check((await text()).includes(contractId(499)), 'the body is the event');
  check((await statuses(events, 'events', 5_000)) === 'delivered', '7 MB are split under a limit of 1 MB');
  await until('they are exported', async () => (await countOf(uids)) >= 5_550, 20_000);
  check((await countOf(uids)) === 5_550, 'and exported once each');
  await endProcess(server, 'SIGKILL');
  check((await statuses(events, 'events', 1)) === 'errored', 'without a collector it errs');
}

await tell(story, async () => {
  await endProcess(server, 'SIGKILL');
  await Promise.all(sinks.map((sink) => sink.close()));
  await rm(folder, { recursive: true, force: true });
});
