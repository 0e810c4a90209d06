import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { findPlanted, prepareNeedles } from '../../src/demo/find-planted.ts';
import { createPlanter, type PlantedSecret } from '../../src/demo/plant.ts';
import { createRandom } from '../../src/demo/random.ts';
import { makeRecording } from '../../src/demo/recording.ts';
import { freePort } from '../faults/free-port.ts';
import { plantPlaces } from './places.ts';
import { environmentIn, filesOf, main, type Result, runIn } from './program.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-leak-'));
const log = path.join(directory, 'audit.log');
const data = path.join(directory, 'data');

const auditveil = (...args: readonly string[]): Result => runIn(directory, ...args);

/** Whether the page says that so many events were received. */
const hasEvents = (metrics: string, events: number): boolean =>
  metrics
    .split('\n')
    .some((line) => /^auditveil_events_received_total/.test(line) && Number(line.slice(line.lastIndexOf(' '))) === events);

describe('leak', function () {
  this.timeout(60_000);
  const plant = createPlanter(createRandom(99));
  const places = plantPlaces(plant);
  const recording = makeRecording(Date.parse('2026-03-02T09:00:00Z'));
  const planted: readonly PlantedSecret[] = [...plant.planted, ...recording.planted];
  const all = prepareNeedles(planted);
  const secretsOnly = prepareNeedles(planted.filter(({ kind }) => kind !== 'email'));
  const describeFound = (found: readonly PlantedSecret[]): readonly string[] =>
    found.map(({ kind, where }) => `${kind} in ${where}`);
  const leaks = (bytes: Buffer, needles = all): readonly string[] => describeFound(findPlanted(needles, bytes));
  const lines = [...places.map(({ line }) => line), ...recording.events.map(({ line }) => Buffer.from(line))];

  before(() => {
    // Lines ending in CRLF and a missing last newline belong to the tricks.
    writeFileSync(
      log,
      Buffer.concat(lines.flatMap((line, i) => [line, Buffer.from(i === lines.length - 1 ? '' : i % 7 === 0 ? '\r\n' : '\n')])),
    );
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('plants secrets that the search would find', () => {
    expect(leaks(readFileSync(log)).length).to.equal(
      all.secrets.length - all.secrets.filter(({ where }) => where.startsWith('inside')).length,
    );
    expect(all.secrets.length).to.be.greaterThan(90);
  });

  describe('of mask', () => {
    const file = path.join(directory, 'places.log');
    let masked: readonly string[] = [];
    before(() => {
      writeFileSync(file, Buffer.concat(places.flatMap(({ line }) => [line, Buffer.from('\n')])));
      const { code, stdout, stderr } = auditveil('mask', file);
      expect(code, stderr.toString().slice(-500)).to.equal(0);
      expect(leaks(stderr), 'standard error').to.deep.equal([]);
      masked = stdout.toString().trimEnd().split('\n');
    });

    for (const [i, place] of places.entries()) {
      it(`masks the secret in: ${place.name}`, () => {
        expect(masked).to.have.length(places.length);
        expect(leaks(Buffer.from(masked[i] ?? ''))).to.deep.equal([]);
      });
    }
  });

  for (const policy of ['secrets-only', 'standard', 'strict']) {
    it(`mask --policy ${policy} puts none of them on standard output or standard error`, () => {
      const { code, stdout, stderr } = auditveil('mask', '--policy', policy, log);
      const needles = policy === 'secrets-only' ? secretsOnly : all;
      expect(code).to.equal(0);
      expect(stdout.toString().trimEnd().split('\n')).to.have.length(lines.length);
      expect(leaks(stdout, needles), 'standard output').to.deep.equal([]);
      expect(leaks(stderr), 'standard error').to.deep.equal([]);
    });
  }

  it('detect puts none of them into findings', () => {
    const { code, stdout, stderr } = auditveil('detect', '--profile', 'paranoid', log);
    expect(code).to.equal(0);
    expect(stdout.toString().trimEnd().split('\n').length).to.be.greaterThan(10);
    expect(leaks(stdout), 'standard output').to.deep.equal([]);
    expect(leaks(stderr), 'standard error').to.deep.equal([]);
  });

  it('run puts none of them into its data directory, and tail shows none', () => {
    const run = auditveil('run', log, '--once', '--data-dir', data);
    expect(run.code, run.stderr.toString().slice(-500)).to.equal(0);
    expect(leaks(run.stdout), 'standard output').to.deep.equal([]);
    expect(leaks(run.stderr), 'standard error').to.deep.equal([]);
    const files = filesOf(data);
    expect(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).to.be.greaterThan(lines.length * 300);
    for (const { name, bytes } of files) expect(leaks(bytes), path.relative(directory, name)).to.deep.equal([]);
    for (const form of [
      ['-o', 'pretty'],
      ['-o', 'json'],
      ['--events', '-o', 'json'],
    ]) {
      const tail = auditveil('tail', '--no-follow', '--data-dir', data, ...form);
      expect(tail.code, tail.stderr.toString().slice(-500)).to.equal(0);
      expect(tail.stdout.length).to.be.greaterThan(500);
      expect(leaks(tail.stdout), `tail ${form.join(' ')}`).to.deep.equal([]);
      expect(leaks(tail.stderr), 'standard error of tail').to.deep.equal([]);
    }
  });

  it('the metrics page and the health checks of a running agent show none of them', async () => {
    const port = await freePort();
    // The last line has no end yet, and the agent waits for it.
    const complete = lines.length - 1;
    const config = path.join(directory, 'config.yaml');
    const keyFile = path.join(directory, 'keys.json');
    expect(auditveil('keys', 'init', '--key', keyFile).code).to.equal(0);
    const settings = {
      version: 1,
      cluster: { name: 'test' },
      sources: [{ type: 'file', path: log }],
      masking: { keyFile },
      log: { directory: path.join(directory, 'served') },
    };
    writeFileSync(config, JSON.stringify({ ...settings, telemetry: { listen: `127.0.0.1:${port}` } }));
    const env = environmentIn(directory);
    const agent = spawn(process.execPath, [main, 'run', '--config', config], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    for (const stream of [agent.stdout, agent.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
    const closed = once(agent, 'close');
    const page = async (name: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}/${name}`)).text();
    try {
      let metrics = '';
      for (const started = Date.now(); !hasEvents(metrics, complete) && Date.now() - started < 20_000; await sleep(100))
        metrics = await page('metrics').catch(() => '');
      expect(hasEvents(metrics, complete), metrics.slice(0, 2000)).to.equal(true);
      for (const text of [metrics, await page('readyz'), await page('livez')]) expect(leaks(Buffer.from(text))).to.deep.equal([]);
    } finally {
      agent.kill('SIGTERM');
      await closed;
    }
    expect(leaks(Buffer.concat(said))).to.deep.equal([]);
  });

  it('errors about unreadable input quote none of it', () => {
    const broken = path.join(directory, 'broken.log');
    writeFileSync(broken, places.map(({ line }) => line.subarray(0, line.length - 25)).join('\n'));
    const runs = [
      auditveil('mask', broken),
      auditveil('detect', broken),
      auditveil('run', broken, '--once', '--data-dir', path.join(directory, 'broken')),
    ];
    for (const { stdout, stderr } of runs) expect([...leaks(stdout), ...leaks(stderr)]).to.deep.equal([]);
    for (const { bytes } of filesOf(path.join(directory, 'broken'))) expect(leaks(bytes)).to.deep.equal([]);
  });
});
