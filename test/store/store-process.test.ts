import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { StoreProcess } from '../../src/store/store-process.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;
/** Answers with its pid, dies, says parts, or never answers. */
const program = `
process.on('message', ({ type, id, method }) => {
  if (type === 'more') return process.send({ type: 'answer', id, value: 'all' });
  if (type !== 'ask') return;
  if (method === 'pid') process.send({ type: 'answer', id, value: process.pid });
  if (method === 'environment') process.send({ type: 'answer', id, value: Object.keys(process.env) });
  if (method === 'die') process.kill(process.pid, 'SIGKILL');
  if (method === 'parts') process.send({ type: 'part', id, value: 1 });
});
process.on('disconnect', () => process.exit(0));`;

describe('store/store-process', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-process-'));
    writeFileSync(join(directory, 'program.mjs'), program);
  });
  after(() => rmSync(directory, { recursive: true }));
  const open = (idleMs = 60_000) =>
    new StoreProcess({
      ...{ dataDirectory: directory, notice: () => undefined, idleMs },
      program: pathToFileURL(join(directory, 'program.mjs')),
    });

  it('is started by the first question, and anew when it died', async () => {
    const store = open();
    expect(store.pid).to.equal(undefined);
    const first = await store.ask('pid', [], never);
    const [one, other] = [store.ask('die', [], never), store.ask('forever', [], never)];
    for (const asked of [one, other])
      expect(await asked.catch((error: unknown) => error)).to.include({ code: 'E_STORE_PROCESS', retryable: true });
    const second = await store.ask('pid', [], never);
    expect(second).to.be.a('number').that.does.not.equal(first);
    await store.close();
  });

  it('ends when nobody asks, and no question is lost over it', async () => {
    const store = open(1);
    for (let i = 0; i < 5; i++) {
      expect(await store.ask('pid', [], never)).to.be.a('number');
      await until('it has', () => store.pid === undefined);
    }
    await store.close();
  });

  it('hands over parts, one after the other', async () => {
    const store = open();
    const parts: unknown[] = [];
    expect(await store.ask('parts', [], never, (part) => void parts.push(part))).to.equal('all');
    expect(parts).to.deep.equal([1]);
    await store.close();
  });

  it('is told nothing of the environment, which may hold secrets', async () => {
    process.env['AUDITVEIL_TEST_SECRET'] = 'planted';
    const store = open();
    expect(await store.ask('environment', [], never)).to.not.include('AUDITVEIL_TEST_SECRET');
    await store.close();
    delete process.env['AUDITVEIL_TEST_SECRET'];
  });

  it('fails what has no answer when it is closed', async () => {
    const store = open();
    await store.ask('pid', [], never);
    const waiting = store.ask('forever', [], never).catch((error: unknown) => error);
    await store.close();
    expect(await waiting).to.include({ code: 'E_STORE_STOPPED' });
    expect(await store.ask('pid', [], never).catch((error: unknown) => error)).to.include({ code: 'E_STORE_STOPPED' });
  });
});
