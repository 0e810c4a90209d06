import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { letSinksGo } from '../../src/pipeline/let-sinks-go.ts';
import { openLogs } from '../../src/pipeline/open-logs.ts';

describe('pipeline/let-sinks-go', () => {
  let folder = '';
  let told: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-logs-'));
    told = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Opens both logs under a configuration with one sink, with the readers that it and another part have, and closes them. */
  async function run(sink: string, content: 'events' | 'findings'): Promise<void> {
    const text = `version: 1\ncluster: { name: c }\nlog: { directory: data }\nsources: [{ type: stdin }]\nsinks: [{ type: file, name: ${sink}, content: ${content}, path: out }]`;
    const config = loadConfig(text, join(folder, 'c.yaml'), {});
    const logs = await openLogs({ config, clock: { nowMs: Date.now } }, { report: () => undefined });
    await letSinksGo(config.sinks, config.log.directory, (notice) => told.push(notice));
    await (await logs[content].reader(`sink.${sink}`)).close();
    await (await logs.events.reader('other')).close();
    for (const log of [logs.findings, logs.events]) await log.close();
  }
  const fileOf = (log: string, reader: string): string => join(folder, 'data', log, 'readers', `${reader}.position`);
  const whenBehind = async (log: string, reader: string): Promise<unknown> =>
    (JSON.parse((await readFile(fileOf(log, reader), 'utf8')).split('\n', 1)[0] ?? '') as Record<string, unknown>)['whenBehind'];

  it('keeps nothing for a sink that the configuration does not name any more, says so once, and again for it once it does', async () => {
    await run('one', 'events');
    expect(await whenBehind('events', 'sink.one')).to.equal('hold');
    await run('two', 'events');
    await run('two', 'events');
    expect(await whenBehind('events', 'sink.one')).to.equal('skip');
    expect(await whenBehind('events', 'sink.two')).to.equal('hold');
    expect(await whenBehind('events', 'other'), 'a reader that is no sink').to.equal('hold');
    expect(told).to.deep.equal(['sink one is not in the configuration any more: the events log keeps nothing for it']);
    await run('one', 'events');
    expect(await whenBehind('events', 'sink.one')).to.equal('hold');
  });

  it('does so too where the sink gets other records now, or its position is damaged', async () => {
    await run('one', 'events');
    await run('one', 'findings');
    expect(await whenBehind('events', 'sink.one')).to.equal('skip');
    await writeFile(fileOf('findings', 'sink.one'), 'garbage');
    await run('two', 'findings');
    expect(await readFile(fileOf('findings', 'sink.one')).catch((error: NodeJS.ErrnoException) => error.code)).to.equal('ENOENT');
  });
});
