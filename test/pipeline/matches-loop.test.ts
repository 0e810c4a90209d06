import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import { Secret } from '../../src/core/secret.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { ConsumerKeeper } from '../../src/kafka/consumer-keeper.ts';
import { sealEnvelope } from '../../src/kafka/envelope.ts';
import { ParcelPacker } from '../../src/kafka/record-parcel.ts';
import { applyPolicy } from '../../src/masking/policy.ts';
import { composeEngine, type Engine } from '../../src/pipeline/compose-engine.ts';
import { FindingStage } from '../../src/pipeline/finding-stage.ts';
import { MatchesLoop } from '../../src/pipeline/matches-loop.ts';
import { identifier } from '../../src/pipeline/open-engine.ts';
import { RecordUnpacker } from '../../src/sources/kafka/record-unpacker.ts';
import { auditEvent, listPodsRule } from '../cli/run-cli.ts';
import { FakeKafka } from '../support/fake-kafka.ts';
import { until } from '../support/until.ts';
import { fixedKeyRing, tileOfTexts } from './support.ts';

const rulesOf = (timespan: string) =>
  loadRules([
    {
      file: 'rules.yml',
      text: `${listPodsRule.replace('level: medium', 'name: listed\nlevel: informational')}---
title: Many lists
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b02
correlation: { type: event_count, rules: [listed], group-by: [user.username], timespan: ${timespan}, condition: { gte: 3 } }
level: high
`,
    },
  ]);
const rules = rulesOf('5m');
const key = new Secret(Buffer.alloc(32, 5));
const beganMs = Date.UTC(2026, 4, 4);
const everyMs = 30_000;

describe('pipeline/matches-loop', () => {
  const identify = identifier(fixedKeyRing());
  let engine: Engine;
  let nowMs = beganMs;
  before(() => {
    const policy = applyPolicy([], { policy: 'standard', enable: [], keepUsers: [] });
    engine = composeEngine({ policy, rules, keyRing: fixedKeyRing() });
  });

  function eventAt(ms: number, auditID: string, username: string): string {
    const at = new Date(ms).toISOString().replace('Z', '000Z');
    return auditEvent({ auditID, requestReceivedTimestamp: at, stageTimestamp: at, user: { username, groups: [] } });
  }

  function sealed(texts: readonly string[], receivedMs: number): Uint8Array {
    const { bytes, offsets, count, dictionaries } = engine.inspector.inspect(tileOfTexts(texts, receivedMs * 1000));
    const records = Array.from({ length: count }, (_, i) => bytes.subarray(offsets[i], offsets[i + 1] ?? bytes.length));
    return sealEnvelope('records', 'matches', new ParcelPacker().parts(records, dictionaries), key);
  }

  /** Message number `n`: an event of its own time. */
  function message(n: number, username: string): Uint8Array {
    const ms = beganMs + n * everyMs;
    return sealed([eventAt(ms, `m-${n}`, username)], ms);
  }

  async function worker(kafka: FakeKafka, of = rules, latenessMs = 60_000, reachMs = 11 * 60_000) {
    const told: Finding[] = [];
    const rebuilt: string[] = [];
    const stop = new AbortController();
    const consumer = { topic: 'm', group: 'g', concurrency: 1, partitionBytes: 1, sessionTimeoutMs: 6_000 };
    const loop = new MatchesLoop({
      keeper: new ConsumerKeeper({ consumer, client: kafka.client, nowMs: () => nowMs, away: () => undefined }),
      unpacker: new RecordUnpacker({ channel: 'matches', key, refused: (problem) => expect.fail(problem) }),
      makeStage: () => new FindingStage({ rules: of, identify, latenessMs }),
      ...{ reachMs, clock: { nowMs: () => nowMs }, identify, append: () => Promise.resolve() },
      found: (findings) => Promise.resolve(void told.push(...findings)),
      rebuilding: (partition, from, to) => rebuilt.push(`${partition}: ${from} to ${to}`),
    });
    const running = loop.run(stop.signal);
    await until('it has joined', () => kafka.handler !== undefined, 5_000, 5);
    await kafka.handler?.assigned([0]);
    const { handler } = kafka;
    /** Reads on from `from` up to the end of the partition, in batches of ten. */
    const read = async (from: number): Promise<void> => {
      const messages = kafka.of(0).slice(from);
      for (let at = 0; at < messages.length; at += 10) await handler?.batch(kafka.batch(0, messages.slice(at, at + 10)));
    };
    const end = async (): Promise<void> => {
      stop.abort();
      await running;
    };
    const batch = (from: number, to: number) => handler?.batch(kafka.batch(0, kafka.of(0).slice(from, to)));
    return { told, rebuilt, read, batch, end, reassign: () => handler?.assigned([0]) };
  }

  const put = (kafka: FakeKafka, from: number, to: number): void => {
    for (let n = from; n < to; n++) kafka.messages.push({ key: null, value: message(n, userOf(n)), partition: 0 });
    nowMs = beganMs + to * everyMs;
  };
  /** Mallory all the time, in one long episode; eve for ten minutes of every half an hour. */
  const userOf = (n: number): string => (isEve(n) ? 'eve' : 'mallory');
  let isEve = (n: number): boolean => n % 60 < 20;
  const names = (findings: readonly Finding[]): readonly string[] =>
    findings.map(({ id, revision, episode }) => `${id} ${revision} ${episode?.count} ${episode?.first} ${episode?.last}`);

  it('goes back to the beginning of an episode that lasts longer than windows reach', async () => {
    isEve = () => true;
    const kafka = new FakeKafka();
    put(kafka, 0, 100);
    const killed = await worker(kafka);
    await killed.read(0);
    await killed.end();
    put(kafka, 100, 130);
    const next = await worker(kafka);
    expect(next.rebuilt).to.deep.equal(['0: 0 to 100']);
    await next.read(0);
    await next.end();
    isEve = (n) => n % 60 < 20;
    expect(new Set([...killed.told, ...next.told].map(({ id }) => id)).size).to.equal(1);
  });

  it('goes on in the middle of a window where another worker was killed, and tells nothing twice', async () => {
    const whole = new FakeKafka();
    put(whole, 0, 300);
    const one = await worker(whole);
    await one.read(0);
    await one.end();
    expect(one.told.length).to.be.greaterThan(1);

    const kafka = new FakeKafka();
    put(kafka, 0, 252);
    const killed = await worker(kafka);
    await killed.read(0);
    const told = [...killed.told];
    await killed.end();
    put(kafka, 252, 300);
    const next = await worker(kafka);
    expect(kafka.committed.get(0)?.offset).to.equal(252n);
    const from = Number(kafka.sought.get(0));
    expect(from).to.be.within(150, 252 - 11 * 2, 'as far back as windows reach, and not to the beginning');
    expect(next.rebuilt).to.deep.equal([`0: ${from} to 252`]);
    await next.read(from);
    await next.end();
    expect(names([...told, ...next.told])).to.deep.equal(names(one.told));
  });

  it('leaves out no end of an episode, wherever the worker before was killed', async function () {
    this.timeout(20_000);
    const [short, apartMs, count] = [rulesOf('4s'), 350, 240];
    const fill = (kafka: FakeKafka, from: number, to: number): void => {
      for (let n = from; n < to; n++) {
        const ms = beganMs + n * apartMs;
        const value = sealed([eventAt(ms, `m-${n}`, `user-${Math.floor(n / 5)}`)], ms);
        kafka.messages.push({ key: null, value, partition: 0 });
      }
      nowMs = beganMs + to * apartMs;
    };
    const whole = new FakeKafka();
    fill(whole, 0, count);
    const one = await worker(whole, short, 1_000, 9_000);
    await one.read(0);
    await one.end();
    for (let end = 170; end < 200; end++) {
      const kafka = new FakeKafka();
      fill(kafka, 0, end);
      const killed = await worker(kafka, short, 1_000, 9_000);
      await killed.read(0);
      await killed.end();
      fill(kafka, end, count);
      const next = await worker(kafka, short, 1_000, 9_000);
      await next.read(Number(kafka.sought.get(0)));
      await next.end();
      expect(names([...killed.told, ...next.told])).to.include.members([...names(one.told)], `killed at ${end}`);
    }
  });

  it('keeps its windows over a rebalance that leaves it the partition', async () => {
    const kafka = new FakeKafka();
    put(kafka, 0, 5);
    const one = await worker(kafka);
    await one.read(0);
    await one.reassign();
    expect(one.rebuilt).to.deep.equal([]);
    put(kafka, 5, 8);
    await one.read(5);
    await one.end();
    expect(new Set(one.told.map(({ id }) => id)).size).to.equal(1);
  });

  it('counts what a worker that was away hands on behind more events than a group keeps', async () => {
    const events = (from: number, to: number): Uint8Array =>
      sealed(
        Array.from({ length: to - from }, (_, i) => eventAt(beganMs + from + i, `f-${from + i}`, 'mallory')),
        beganMs + to,
      );
    const kafka = new FakeKafka();
    const value = [events(0, 1_000), events(2_000, 13_000), events(1_000, 2_000)];
    // Two that come much later: the first says how far time has come, the second that the clock went on.
    for (const ms of [beganMs + 3_600_000, beganMs + 3_660_000]) value.push(sealed([eventAt(ms, `l-${ms}`, 'eve')], ms));
    for (const one of value) kafka.messages.push({ key: null, value: one, partition: 0 });
    const one = await worker(kafka);
    await one.read(0);
    await one.end();
    expect(one.told.at(-1)?.episode?.count).to.equal(13_000);
  });

  it('leaves no hole where a batch that was fetched before a seek comes behind it', async () => {
    const kafka = new FakeKafka();
    put(kafka, 0, 8);
    const one = await worker(kafka);
    await one.batch(5, 8);
    expect(kafka.sought.get(0)).to.equal(0n);
    expect(kafka.committed.get(0)).to.equal(undefined);
    await one.batch(0, 8);
    expect(kafka.committed.get(0)?.offset).to.equal(8n);
    await one.end();
    expect(one.told.map(({ episode }) => episode?.count)).to.deep.equal([3, 6]);
  });

  it('goes on behind messages that Kafka has deleted', async () => {
    const kafka = new FakeKafka();
    put(kafka, 0, 8);
    const one = await worker(kafka);
    await one.batch(5, 8);
    await one.batch(5, 8);
    expect(kafka.committed.get(0)?.offset).to.equal(8n);
    await one.end();
    expect(one.told.map(({ episode }) => episode?.count)).to.deep.equal([3]);
  });

  it('counts a record once that two workers sent on', async () => {
    const kafka = new FakeKafka();
    put(kafka, 0, 2);
    put(kafka, 0, 2);
    const one = await worker(kafka);
    await one.read(0);
    await one.end();
    expect(one.told).to.deep.equal([]);
  });
});
