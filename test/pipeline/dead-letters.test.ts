import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { delivered, errored, rejected, type Sink } from '../../src/core/delivery.ts';
import { Fault } from '../../src/core/faults.ts';
import { readerLagBytes } from '../../src/log/reader-lag.ts';
import { DeadLetters, deadLetterFolder, replayReader } from '../../src/pipeline/dead-letters.ts';
import { type DeadLetter, DeadLetterBox } from '../../src/pipeline/read-dead-letters.ts';
import { replaySink } from '../../src/pipeline/replay-sink.ts';
import { maskedRecord } from '../support/masked-record.ts';
import { storedRecords } from '../support/stored-records.ts';

const fault = new Fault('the server answers 400', { code: 'E_SINK_REFUSED' });
const { signal } = new AbortController();
const clock = { nowMs: Date.now };

describe('pipeline/dead-letters', () => {
  let directory = '';
  let letters: DeadLetters;
  const deleted: (readonly [string, number])[] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'auditveil-dead-'));
    deleted.length = 0;
    letters = open(64 * 1024 * 1024);
  });
  afterEach(async () => {
    await letters.close();
    await rm(directory, { recursive: true });
  });

  const open = (maxBytes: number) =>
    new DeadLetters({ directory, clock, maxBytes, deleted: (sink, bytes) => void deleted.push([sink, bytes]) });
  const keep = async (ids: readonly number[], filling = 0): Promise<void> => {
    const folder = join(directory, `events-${ids[0]}`);
    const records = await storedRecords(
      folder,
      ids.map((id) => ({ id, filling, matches: [1], masks: [[0, 1, 2]] })),
    );
    await letters.keep(
      's',
      records.map((record) => ({ record, fault })),
    );
  };
  const box = () => new DeadLetterBox(deadLetterFolder(directory, 's'));
  const read = async (fromStart: boolean): Promise<readonly DeadLetter[]> => {
    const found: DeadLetter[] = [];
    for await (const batch of box().read(signal, fromStart)) found.push(...batch.letters);
    return found;
  };
  const idOf = ({ record }: DeadLetter): number => (JSON.parse(Buffer.from(record.payload).toString()) as { id: number }).id;
  const sink = (write: Sink['write']): Sink => ({
    ...{ open: async () => undefined, check: async () => undefined, close: async () => undefined, write },
  });
  const replay = (write: Sink['write'], fromStart = false) =>
    replaySink(
      {
        ...{ directory, name: 's', sink: sink(write), clock, fromStart, notice: () => undefined },
        ...{ filter: { content: 'events', minSeverity: 'informational' }, batch: { records: 2, bytes: 1_000_000 } },
      },
      signal,
    );

  it('keeps a record as it was, with the words for its rules and kinds, and the reason', async () => {
    await keep([1, 2]);
    const [first, second] = await read(false);
    expect([first, second].map((letter) => letter && idOf(letter))).to.deep.equal([1, 2]);
    expect(first?.note).to.include({ note: 'rejected', sink: 's', code: 'E_SINK_REFUSED', reason: 'the server answers 400' });
    expect(first?.record.matches).to.deep.equal(['rule-b']);
    expect(first?.record.masks).to.deep.equal([{ kind: 'email', action: 'pseudonymise', count: 2 }]);
    expect(first?.record.context?.cluster).to.equal('test');
  });

  it('takes only what came out of a log with a valid checksum', async () => {
    const refused = await letters.keep('s', [{ record: maskedRecord({ id: 1 }), fault }]).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'E_LOG_RECORD_ORIGIN' });
  });

  it('is bounded: the oldest go, and that is told unless they were sent again', async () => {
    await letters.close();
    letters = open(1024 * 1024);
    for (let n = 0; n < 30; n++) await keep([n], 60_000);
    await letters.close();
    const names = await readdir(deadLetterFolder(directory, 's'));
    expect(names.filter((name) => name.endsWith('.seg')).length).to.be.within(4, 10);
    expect((await read(true)).map(idOf).at(-1)).to.equal(29);
    expect(deleted.reduce((sum, [, bytes]) => sum + bytes, 0)).to.be.greaterThan(700_000);
  });

  it('sends them again from where the last replay stopped, beside a process that goes on adding', async () => {
    await keep([1, 2, 3]);
    const sent: number[][] = [];
    const write: Sink['write'] = async ({ records }) => {
      sent.push(records.map((record) => idOf({ record, note: undefined })));
      return records.map(() => delivered);
    };
    expect(await replay(write)).to.deep.equal({ delivered: 3, rejected: 0, isWhole: true });
    expect(sent).to.deep.equal([[1, 2], [3]]);
    await keep([4]);
    expect(await replay(write)).to.deep.equal({ delivered: 1, rejected: 0, isWhole: true });
    expect(await replay(write)).to.deep.equal({ delivered: 0, rejected: 0, isWhole: true });
    expect(sent.slice(2)).to.deep.equal([[4]]);
    expect(await readerLagBytes(deadLetterFolder(directory, 's'), replayReader)).to.equal(0);
    expect((await replay(write, true)).delivered).to.equal(4);
  });

  it('counts what is rejected again, and keeps the rest where the sink takes nothing', async function () {
    this.timeout(10_000);
    await keep([1, 2, 3]);
    const away = new Fault('it is away', { code: 'E_AWAY', retryable: true });
    expect(await replay(async ({ records }) => records.map(() => errored(away)))).to.deep.include({
      delivered: 0,
      isWhole: false,
    });
    expect(await replay(async ({ records }) => records.map(() => rejected(fault)))).to.deep.equal({
      ...{ delivered: 0, rejected: 3, isWhole: true },
    });
  });

  it('lets one replay of a sink run at a time', async () => {
    await keep([1]);
    let second: unknown;
    await replay(async ({ records }) => {
      second = await replay(async () => []).catch((error: unknown) => error);
      return records.map(() => delivered);
    });
    expect(second).to.include({ code: 'E_LOG_LOCKED' });
  });
});
