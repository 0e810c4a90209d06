import { inspect } from 'node:util';
import { expect } from 'chai';
import type { Outcome, Sink } from '../../src/core/delivery.ts';
import { Fault } from '../../src/core/faults.ts';
import type { RecordBatch } from '../../src/core/log.ts';
import { collectGarbage } from '../../src/pipeline/collect-garbage.ts';
import { contractBatch, contractId, contractRecord, planted, poison } from './contract-records.ts';

/** A server that a sink writes to, real or a strict fake, and how to make it fail. */
export interface SinkWorld {
  /** Makes a sink for this server. Called more than once. */
  make(notices: string[]): Promise<Sink> | Sink;
  /** What the server accepted and keeps, in order: texts that hold the ids of records. */
  received(): Promise<readonly string[]>;
  /** Forgets what it received, so that its memory does not count. */
  forget(): Promise<void>;
  /** Goes away, or answers only that it cannot (with what it was sent in its answer, where it speaks). */
  fail(): Promise<void>;
  recover(): Promise<void>;
  /** From now on it refuses for good whatever holds this text; absent: this kind of server refuses nothing. */
  refuse?(text: string): Promise<void>;
  /** From now on it takes at most so many bytes at once; absent: there is no such limit. */
  limit?(bytes: number): Promise<void>;
  /** From now on it takes what it is sent and never answers; absent: writing does not wait for anybody. */
  hang?(): Promise<void>;
  /** From now on it is busy and asks for so many seconds of patience; absent: its protocol has no word for that. */
  busy?(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export interface ContractOptions {
  readonly content: 'events' | 'findings';
  /** Records that are written to look at memory; fewer where each is a request. */
  readonly memoryRecords?: number;
  /** What makes the server fail looks like a mistake in the options, which ends a start: opening need not be retryable. */
  readonly awayEndsStart?: boolean;
  /** How one request is recognised as too large: bytes that hold about ten records of the contract, not twenty. */
  readonly tenRecordsBytes?: number;
}

/** Everything that was said in one test: searched for planted text at its end. */
class Said {
  readonly notices: string[] = [];
  readonly faults: unknown[] = [];

  of(outcomes: readonly Outcome[]): readonly Outcome[] {
    for (const outcome of outcomes) if (outcome.status !== 'delivered') this.faults.push(outcome.fault);
    return outcomes;
  }

  text(): string {
    const faults = this.faults.map((fault) => {
      const { message, remedy, code } = fault as Fault;
      return `${message} ${remedy} ${code} ${inspect(fault, { depth: 8, showHidden: true })}`;
    });
    return [...this.notices, ...faults].join('\n');
  }
}

/** Twice, with a pause: the memory of byte arrays is given back only after the collection that found them. */
const collectTwice = async (): Promise<void> => {
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 20));
  collectGarbage();
};

/** Ids in the order in which the server saw each for the first time. */
async function idsIn(world: SinkWorld): Promise<readonly string[]> {
  const found = (await world.received()).flatMap((text) => text.match(/contract-\d{6}/g) ?? []);
  return [...new Set(found)];
}

const idsFrom = (from: number, count: number): readonly string[] => Array.from({ length: count }, (_, i) => contractId(from + i));

/** Writes as the delivery loop does: what errored comes again. */
async function writeAll(sink: Sink, batch: RecordBatch, said: Said, attempts = 40): Promise<void> {
  let { records } = batch;
  for (let left = attempts; records.length > 0; left--) {
    const outcomes = said.of(await sink.write({ ...batch, records }, new AbortController().signal));
    expect(outcomes).to.have.length(records.length);
    const first = outcomes.findIndex(({ status }) => status === 'errored');
    records = records.filter((_, i) => outcomes[i]?.status === 'errored' || (sink.keepsOrder && first >= 0 && i > first));
    if (records.length === 0) return;
    expect(left, 'attempts left').to.be.greaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sink.open(new AbortController().signal).catch(() => undefined);
  }
}

const signal = new AbortController().signal;

/** What one case works with. */
interface Case extends Required<ContractOptions> {
  readonly world: SinkWorld;
  readonly sink: Sink;
  readonly said: Said;
}

async function delivers({ world, sink, content }: Case): Promise<void> {
  await sink.open(signal);
  expect(await sink.write({ records: [], end: { segment: 1, offset: 0 } }, signal)).to.deep.equal([]);
  for (const from of [0, 10, 20]) {
    const outcomes = await sink.write(contractBatch(content, from, 10), signal);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(Array.from({ length: 10 }, () => 'delivered'));
  }
  expect(await idsIn(world)).to.deep.equal(idsFrom(0, 30));
}

async function errs({ world, sink, said, content }: Case): Promise<void> {
  await sink.open(signal);
  await sink.write(contractBatch(content, 0, 3), signal);
  await world.fail();
  const outcomes = said.of(await sink.write(contractBatch(content, 3, 5), signal));
  expect(outcomes.map(({ status }) => status)).to.deep.equal(Array.from({ length: 5 }, () => 'errored'));
  for (const fault of said.faults) {
    expect(fault).to.be.instanceOf(Fault);
    expect((fault as Fault).retryable, 'retryable').to.equal(true);
  }
  await world.recover();
  await writeAll(sink, contractBatch(content, 3, 5), said);
  expect(await idsIn(world)).to.deep.equal(idsFrom(0, 8));
}

async function opens({ world, sink, said, content, awayEndsStart }: Case): Promise<void> {
  await world.fail();
  await sink.open(signal).catch((fault: unknown) => {
    said.faults.push(fault);
    expect(fault).to.be.instanceOf(Fault);
    expect((fault as Fault).retryable, 'retryable').to.equal(!awayEndsStart);
  });
  await world.recover();
  await sink.open(signal);
  await writeAll(sink, contractBatch(content, 0, 2), said);
  expect(await idsIn(world)).to.deep.equal(idsFrom(0, 2));
}

async function isolates({ world, sink, said, content }: Case): Promise<'skipped' | undefined> {
  if (!world.refuse) return 'skipped';
  await world.refuse(poison);
  await sink.open(signal);
  const { records, end } = contractBatch(content, 0, 12);
  const withPoison = records.map((record, n) => (n === 7 ? contractRecord(content, n, `${planted} ${poison}`) : record));
  const outcomes = said.of(await sink.write({ records: withPoison, end }, signal));
  expect(outcomes.map(({ status }) => status)).to.deep.equal(withPoison.map((_, n) => (n === 7 ? 'rejected' : 'delivered')));
  expect(await idsIn(world)).to.deep.equal(idsFrom(0, 12).filter((id) => id !== contractId(7)));
  return undefined;
}

async function splits({ world, sink, said, content, tenRecordsBytes }: Case): Promise<'skipped' | undefined> {
  if (!world.limit) return 'skipped';
  await world.limit(tenRecordsBytes);
  await sink.open(signal);
  const { records, end } = contractBatch(content, 0, 40);
  const large = records.map((record, n) => (n === 25 ? contractRecord(content, n, 'x'.repeat(2 * tenRecordsBytes)) : record));
  const outcomes = said.of(await sink.write({ records: large, end }, signal));
  expect(outcomes.map(({ status }) => status)).to.deep.equal(large.map((_, n) => (n === 25 ? 'rejected' : 'delivered')));
  expect(await idsIn(world)).to.deep.equal(idsFrom(0, 40).filter((id) => id !== contractId(25)));
  return undefined;
}

async function aborts({ world, sink, said, content }: Case): Promise<'skipped' | undefined> {
  if (!world.hang) return 'skipped';
  await sink.open(signal);
  await world.hang();
  const abort = new AbortController();
  const began = Date.now();
  const timer = setTimeout(() => abort.abort(), 50);
  const outcomes = await sink.write(contractBatch(content, 0, 5), abort.signal).catch(() => []);
  clearTimeout(timer);
  expect(Date.now() - began).to.be.lessThan(1_500);
  expect(said.of(outcomes).filter(({ status }) => status !== 'errored')).to.deep.equal([]);
  return undefined;
}

async function waits({ world, sink, said, content }: Case): Promise<'skipped' | undefined> {
  if (!world.busy) return 'skipped';
  await sink.open(signal);
  await world.busy(7);
  const [outcome] = said.of(await sink.write(contractBatch(content, 0, 1), signal));
  expect(outcome?.status).to.equal('errored');
  expect(outcome?.status === 'errored' && outcome.retryAfterMs).to.equal(7_000);
  return undefined;
}

async function checks({ world, sink, said }: Case): Promise<void> {
  await sink.open(signal);
  await sink.check(signal);
  await world.fail();
  const failed = await sink.check(signal).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failed).to.be.instanceOf(Fault);
  said.faults.push(failed);
  expect((failed as Fault).remedy, 'remedy')
    .to.be.a('string')
    .with.length.greaterThan(10);
  expect(await idsIn(world), 'a check writes nothing').to.deep.equal([]);
}

async function closes({ world, sink, said }: Case): Promise<void> {
  const other = await world.make(said.notices);
  await other.close();
  await sink.open(signal);
  await sink.close();
  await sink.close();
}

async function forgets({ world, sink, said, content, memoryRecords }: Case): Promise<void> {
  await sink.open(signal);
  const size = Math.min(500, memoryRecords / 10);
  const write = async (records: number): Promise<number> => {
    for (let from = 0; from < records; from += size) {
      await writeAll(sink, contractBatch(content, from, size), said);
      await world.forget();
    }
    await collectTwice();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = await write(memoryRecords / 4);
  const after = await write(memoryRecords);
  // One record takes about a kilobyte: whoever keeps them all, or a reference to each, is far above.
  expect(after - before).to.be.lessThan(Math.max(3_000_000, memoryRecords * 100));
}

const cases: readonly (readonly [title: string, run: (one: Case) => Promise<unknown>])[] = [
  ['delivers every record in order, and writes nothing for an empty batch', delivers],
  ['errors while the server is away, and delivers once it is back', errs],
  ['can be opened later where the server was away at first', opens],
  ['isolates a poison record and delivers the others', isolates],
  ['splits what is too large, and rejects one record that is too large by itself', splits],
  ['ends a write soon after it is aborted', aborts],
  ['hands on how long a busy server asks to wait', waits],
  ['passes its check only while the server is there, and says what to do', checks],
  ['can be closed at any time and more than once', closes],
  ['keeps nothing of what it has delivered', forgets],
];

/**
 * The behaviour that every sink shows, whatever it writes to. `makeWorld` is called for each case. Severity and age are not
 * among it: the loop in front of the sinks leaves records out (src/pipeline/sink-filter.ts).
 */
export function sinkContract(name: string, makeWorld: () => Promise<SinkWorld>, options: ContractOptions): void {
  const {
    content,
    memoryRecords = 20_000,
    awayEndsStart = false,
    tenRecordsBytes = 10 * (content === 'events' ? 900 : 1300),
  } = options;
  describe(`${name}: contract of sinks (${content})`, () => {
    for (const [title, run] of cases)
      it(title, async function () {
        this.timeout(20_000);
        const said = new Said();
        const world = await makeWorld();
        const sink = await world.make(said.notices);
        let result: unknown;
        try {
          result = await run({ content, memoryRecords, awayEndsStart, tenRecordsBytes, world, sink, said });
        } finally {
          await sink.close();
          await world.close();
        }
        expect(said.text()).not.to.contain(planted);
        if (result === 'skipped') this.skip();
      });
  });
}
