import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Finding } from '../../src/core/finding.ts';
import { findingIn } from '../../src/core/finding-in.ts';
import { recordTypes } from '../../src/core/record.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import { readerLagBytes } from '../../src/log/reader-lag.ts';
import { deadLetterFolder } from '../../src/pipeline/dead-letters.ts';
import { openPipeline } from '../../src/pipeline/open-pipeline.ts';
import { DeadLetterBox } from '../../src/pipeline/read-dead-letters.ts';
import { runPipeline } from '../../src/pipeline/run-pipeline.ts';
import { auditEvent } from '../cli/run-cli.ts';
import { fixedKeyRing } from './support.ts';

const { signal } = new AbortController();

/** A server that refuses two of forty events for good, echoing what it was sent. */
describe('pipeline/supervise-rejections', () => {
  let folder = '';
  const taken = new Set<string>();
  const refused = /"auditID":"a-(?:13|27)"/;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      if (refused.test(body)) return response.writeHead(400).end(body);
      for (const [, id] of body.matchAll(/"auditID":"([^"]+)"/g)) taken.add(id ?? '');
      return response.end();
    });
  });
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-rejected-'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  const findings = async (): Promise<readonly Finding[]> => {
    const reader = await openLogReader({ directory: join(folder, 'data/findings') });
    const found: Finding[] = [];
    for await (const { records } of reader.read(signal, { follow: false }))
      found.push(...records.filter(({ type }) => type === recordTypes.finding).map(findingIn));
    return found;
  };

  it('keeps what a server refuses with the reason, makes one finding of it, and delivers the rest', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `a-${i}`);
    await writeFile(join(folder, 'audit.log'), ids.map((auditID) => `${auditEvent({ auditID })}\n`).join(''));
    const { port } = server.address() as AddressInfo;
    const sink = `{ type: webhook, name: hook, url: "http://127.0.0.1:${port}/", content: events, whenBehind: hold }`;
    const text = `version: 1\ncluster: { name: prod }\nsources: [{ type: file, path: audit.log, follow: false }]\nlog: { directory: data }\nsinks: [${sink}]\n`;
    const notices: string[] = [];
    const pipeline = await openPipeline({
      config: loadConfig(text, join(folder, 'c.yaml'), {}),
      keyRing: fixedKeyRing(),
      clock: { nowMs: Date.now },
      graceMs: 5_000,
      found: async () => undefined,
      notice: (said) => void notices.push(said),
    });
    expect(await runPipeline(pipeline.parts, signal)).to.equal('finished');
    await pipeline.close();
    expect([...taken].sort()).to.deep.equal(ids.filter((id) => !['a-13', 'a-27'].includes(id)).sort());
    expect(await readerLagBytes(join(folder, 'data/events'), 'sink.hook')).to.equal(0);
    const kept: string[] = [];
    for await (const { letters } of new DeadLetterBox(deadLetterFolder(join(folder, 'data'), 'hook')).read(signal, false))
      kept.push(...letters.map(({ record }) => Buffer.from(record.payload).toString()));
    expect(kept.map((event) => (JSON.parse(event) as { auditID: string }).auditID)).to.deep.equal(['a-13', 'a-27']);
    const about = (await findings()).filter(({ rule }) => rule.id === 'auditveil.sink-rejected');
    expect(about).to.have.length.within(1, 2);
    expect(about.at(-1)?.evidence['sink.rejectedAtLeast']).to.deep.equal(['2']);
    expect(kept.join() + notices.join() + JSON.stringify(about)).not.to.include('alice@example.com');
    expect(notices.join()).not.to.include('auditID');
  });
});
