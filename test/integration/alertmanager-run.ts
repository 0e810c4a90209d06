import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertmanagerSink } from '../../src/config/sinks/alertmanager.ts';
import { type MaskedRecord, recordTypes } from '../../src/core/record.ts';
import { AlertmanagerSink } from '../../src/sinks/alertmanager/alertmanager-sink.ts';
import { freePort } from '../faults/free-port.ts';
import { full } from '../findings/support.ts';
import { contractBatch, planted } from '../sinks/contract-records.ts';
import { endProcess } from '../support/end-process.ts';
import { startHttpServer } from '../support/http-server.ts';
import { maskedRecord } from '../support/masked-record.ts';
import { testSinkContext } from '../support/sink-context.ts';
import { until } from '../support/until.ts';
import { check, tell } from './check.ts';

/**
 * The sink and a real Alertmanager (test/servers/alertmanager.sh): alerts are taken, shown, notified about and resolved. Ends with
 * exit code 1 where something does not hold.
 */
interface Told {
  readonly status: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

const binary = process.env['ALERTMANAGER'];
if (!binary) throw new Error('ALERTMANAGER is not set: run test/servers/alertmanager.sh');
const never = new AbortController().signal;
const folder = await mkdtemp(join(tmpdir(), 'auditveil-alertmanager-'));
const receiver = await startHttpServer(() => ({ status: 200 }));
const told = (): readonly Told[] => receiver.requests.map(({ body }) => JSON.parse(body) as Told);

await writeFile(
  join(folder, 'config.yml'),
  `route: { receiver: hook, group_by: [rule_id], group_wait: 1s, group_interval: 1s, repeat_interval: 1h }
receivers: [{ name: hook, webhook_configs: [{ url: '${receiver.url}/', send_resolved: true }] }]
`,
);
const port = await freePort();
const server = spawn(
  binary,
  [
    `--config.file=${join(folder, 'config.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ],
  { stdio: 'ignore' },
);
const url = `http://127.0.0.1:${port}`;
const notices: string[] = [];
const options = alertmanagerSink.options.parse({ type: 'alertmanager', urls: [url], perFinding: true, labels: { team: 'sec' } });
const sink = new AlertmanagerSink(options, testSinkContext(notices));
const finding = (more: object): MaskedRecord => maskedRecord({ ...full, ...more }, { type: recordTypes.finding });
const statuses = async (...records: readonly MaskedRecord[]): Promise<string> =>
  (await sink.write({ records, end: { segment: 1, offset: 0 } }, never)).map(({ status }) => status).join();

async function story(): Promise<void> {
  await sink.open(never);
  await until(
    'Alertmanager answers',
    () =>
      sink.check(never).then(
        () => true,
        () => false,
      ),
    30_000,
  );
  check(true, 'its check passes once Alertmanager is up');

  const outcomes = await sink.write(contractBatch('findings', 0, 50), never);
  check(
    outcomes.every(({ status }) => status === 'delivered'),
    '50 findings are taken',
  );
  const shown = (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly { readonly labels: Record<string, string> }[];
  check(shown.length === 50, `they are shown as 50 alerts (${shown.length})`);
  check(
    shown.every(({ labels }) => labels['team'] === 'sec' && labels['cluster'] === 'lab'),
    'with our labels',
  );
  await until('it notifies', () => told().some(({ status }) => status === 'firing'), 20_000);
  check(true, 'it notifies about them');

  const episode = { ...full.episode, id: 'e-9' };
  const rule = { ...full.rule, id: 'merged-rule', name: `Odd "name" with 'quotes', {braces} and \u202e` };
  check((await statuses(finding({ id: 'gone', rule, episode }))) === 'delivered', 'a rule with an odd name is taken');
  await until(
    'the second is told',
    () => told().some(({ alerts }) => alerts.some(({ labels }) => labels['finding_id'] === 'gone')),
    20_000,
  );
  await statuses(finding({ id: 'gone', rule, revision: 3, episode: { ...episode, mergedInto: 'e-1' } }));
  const isResolved = (one: Told): boolean =>
    one.status === 'resolved' && one.alerts.some(({ labels }) => labels['finding_id'] === 'gone');
  await until('it is resolved', () => told().some(isResolved), 20_000);
  check(true, 'an episode that went into another one is resolved');

  await endProcess(server, 'SIGKILL');
  const [outcome] = await sink.write(contractBatch('findings', 50, 1), never);
  check(
    outcome?.status === 'errored' && !JSON.stringify(outcome).includes(planted),
    'without a server it errs, and quotes nothing',
  );
}

await tell(story, async () => {
  await endProcess(server, 'SIGKILL');
  await sink.close();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});
