import type { Config } from '../config/schema.ts';
import type { TransportConfig } from '../config/transport-schema.ts';
import type { Clock } from '../core/clock.ts';
import { describeFault, type Fault } from '../core/faults.ts';
import type { Finding } from '../core/finding.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { builtinRules } from '../findings/builtin.ts';
import { envelopeKeyPurpose } from '../kafka/envelope.ts';
import type { KafkaClient } from '../kafka/kafka-client.ts';
import type { UnpackProblem } from '../sources/kafka/record-unpacker.ts';
import { FindingStage } from './finding-stage.ts';
import type { Meter } from './meter.ts';
import type { MakeMatchesLoop } from './open-correlation.ts';
import type { NamedSink } from './prepare-sink-loop.ts';
import { reachMs } from './rebuild-state.ts';
import type { PipelineParts } from './run-pipeline.ts';
import { type OwnFindingPlace, ownFinding } from './say-findings.ts';
import type { NamedRecordSource } from './take-records.ts';

export interface OpenTransportOptions {
  readonly config: Pick<Config, 'role' | 'transport' | 'detect'>;
  readonly keyRing: Pick<KeyRing, 'deriveLasting'>;
  readonly clock: Clock;
  readonly meter: Pick<Meter, 'noticed' | 'transport'>;
  /** Shown to people. */
  readonly notice: (text: string) => void;
  /** Becomes a finding, and is shown to people. */
  readonly finding: (finding: Finding, text: string) => void;
  readonly place: () => OwnFindingPlace;
  /** Those of the configuration. */
  readonly sinks: readonly NamedSink[];
  readonly rules: RuleSet;
  readonly identify: (text: string) => string;
}

interface Options extends OpenTransportOptions {
  readonly transport: TransportConfig;
}

/** The ends of the transport that a role has; nothing where one process does everything. */
export async function transportParts(
  options: OpenTransportOptions,
): Promise<Partial<Pick<PipelineParts, 'sinks' | 'recordSources' | 'correlates' | 'matches'>>> {
  const { role, transport } = options.config;
  if (role === 'all' || transport === undefined) return {};
  if (role === 'agent') return { sinks: await transportSinks({ ...options, transport }), correlates: false };
  const of = { ...options, transport };
  const sinks = [...options.sinks, await matchesSink(of)];
  return { recordSources: [await transportSource(of)], sinks, matches: await matchesLoop(of) };
}

/** Records of both logs: an agent's own findings (a gap, a masking leak) are for the workers to send on. */
export const transportName = 'transport';
/** Enough to fill a message for each of a few partitions. */
const batch = { records: 20_000, bytes: 4 * 1024 * 1024, waitMs: 20 };

async function clientOf(transport: TransportConfig): Promise<() => Promise<KafkaClient>> {
  const { openKafkaClient } = await import('../sinks/kafka/open-client.ts');
  return () => openKafkaClient(transport);
}

/** What an agent sends its logs with. They are held until workers can have them. */
async function transportSinks({ transport, keyRing }: Options): Promise<readonly NamedSink[]> {
  const [{ TransportSink }, client] = await Promise.all([import('../sinks/kafka/transport-sink.ts'), clientOf(transport)]);
  const { topic } = transport;
  const common = {
    topic,
    client,
    connection: transport,
    channel: 'events',
    key: keyRing.deriveLasting(envelopeKeyPurpose),
  } as const;
  return (['events', 'findings'] as const).map((content) => ({
    name: content === 'events' ? transportName : `${transportName}.findings`,
    ...{ content, whenBehind: 'hold', batch },
    sink: new TransportSink(common),
  }));
}

/** Where a worker has its records from. */
async function transportSource(options: Options): Promise<NamedRecordSource> {
  const { transport, keyRing, clock, meter, notice } = options;
  const [{ KafkaSource }, client] = await Promise.all([import('../sources/kafka/kafka-source.ts'), clientOf(transport)]);
  const { topic, group, sessionTimeoutMs } = transport;
  const refusals = new RefusalFindings(options, topic);
  const source = new KafkaSource({
    ...{ topic, group, sessionTimeoutMs, client, clock, channel: 'events' },
    key: keyRing.deriveLasting(envelopeKeyPurpose),
    refused: (problem, partition, offset) => refusals.add(problem, partition, offset),
    away: awayOf(transportName, meter, notice),
    watch: meter.transport.watch(transportName),
  });
  return { name: transportName, source };
}

/** Everything goes to one partition: rules that stand on others, and who is behind a change, need all of it in one place. */
const matchesKey = 'matches';

/** What a worker hands on to whoever keeps the windows. */
async function matchesSink({ transport, keyRing }: Options): Promise<NamedSink> {
  const [{ TransportSink }, client] = await Promise.all([import('../sinks/kafka/transport-sink.ts'), clientOf(transport)]);
  const sink = new TransportSink({
    ...{ topic: transport.matchesTopic, client, connection: transport, channel: 'matches' },
    key: keyRing.deriveLasting(envelopeKeyPurpose),
    concerns: ({ stateKeys }) => stateKeys.length > 0,
    keyOf: () => matchesKey,
  });
  return { name: `${transportName}.matches`, sink, content: 'events', whenBehind: 'hold', batch };
}

async function matchesLoop(options: Options): Promise<MakeMatchesLoop> {
  const { transport, keyRing, clock, meter, notice, rules, identify, config } = options;
  const [{ MatchesLoop }, { ConsumerKeeper }, { RecordUnpacker }, client] = await Promise.all([
    import('./matches-loop.ts'),
    import('../kafka/consumer-keeper.ts'),
    import('../sources/kafka/record-unpacker.ts'),
    clientOf(transport),
  ]);
  const { matchesTopic: topic, group, sessionTimeoutMs } = transport;
  const name = `${transportName}.matches`;
  const refusals = new RefusalFindings(options, topic);
  const { latenessMs, firstMatch } = config.detect;
  const loaded = rules.correlations.map(({ rule }) => rule);
  const isChained = rules.correlations.some((correlation) => correlation.isChained);
  return (ends) =>
    new MatchesLoop({
      ...{ clock, identify, ...ends, reachMs: reachMs(loaded, isChained, latenessMs) },
      keeper: new ConsumerKeeper({
        consumer: { topic, group: `${group}.matches`, sessionTimeoutMs, partitionBytes: 1024 * 1024, concurrency: 1 },
        client,
        nowMs: () => clock.nowMs(),
        away: awayOf(name, meter, notice),
        watch: meter.transport.watch(name),
      }),
      unpacker: new RecordUnpacker({
        channel: 'matches',
        key: keyRing.deriveLasting(envelopeKeyPurpose),
        refused: (problem, partition, offset) => refusals.add(problem, partition, offset),
      }),
      makeStage: () => new FindingStage({ rules, identify, latenessMs, firstMatch }),
      rebuilding: (partition, from, to) =>
        notice(`${name}: windows of partition ${partition} are made again from ${to - from} messages`),
    });
}

function awayOf(name: string, meter: Options['meter'], notice: Options['notice']) {
  return (fault: Fault): void => {
    meter.noticed(name, 'away');
    notice(`${name}: ${describeFault(fault)}`);
  };
}

/** One finding for each kind of refusal and partition in this time. */
const refusalIntervalMs = 60_000;

/** Says what was refused: counted each time, as a finding once in a while. */
class RefusalFindings {
  readonly #options: Options;
  readonly #topic: string;
  readonly #saidMs = new Map<string, number>();

  constructor(options: Options, topic: string) {
    this.#options = options;
    this.#topic = topic;
  }

  add(problem: UnpackProblem, partition: number, offset: bigint): void {
    const { clock, meter, finding, place } = this.#options;
    const name = `${problem} ${partition}`;
    const nowMs = clock.nowMs();
    meter.noticed(transportName, `refused-${problem}`);
    if (nowMs - (this.#saidMs.get(name) ?? Number.NEGATIVE_INFINITY) < refusalIntervalMs) return;
    this.#saidMs.set(name, nowMs);
    const where = `topic ${this.#topic}, partition ${partition}, offset ${offset}`;
    const rule = problem === 'unfinished' ? builtinRules.transportUnfinished : builtinRules.transportRefused;
    const evidence = {
      'transport.topic': [this.#topic],
      'transport.partition': [String(partition)],
      'transport.offset': [String(offset)],
      'transport.problem': [problem],
      'transport.remedy': [remedies[problem]],
    };
    finding(ownFinding(rule, `transport ${where} ${problem}`, evidence, place()), `transport: ${problem} (${where})`);
  }
}

const forged = 'Find out who wrote it: it was not taken. An agent with another key file writes such messages too.';

const remedies: Readonly<Record<UnpackProblem, string>> = {
  empty: forged,
  'too-short': forged,
  version: 'Is an agent of a newer version at work? Then update the workers first. Otherwise find out who wrote it.',
  mac: forged,
  channel: 'Somebody copied a message from another topic of ours: find out who.',
  kind: 'Is an agent of a newer version at work? Then update the workers first.',
  malformed: 'This is a fault of this program: the agent that wrote it holds the records in its log.',
  unfinished: 'An agent began a large record and did not send it again: is it gone for good? Its log holds the record.',
};
