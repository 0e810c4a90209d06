import type { Config } from '../config/schema.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import type { KafkaClient, TopicFacts } from '../kafka/kafka-client.ts';
import { reachMs } from '../pipeline/rebuild-state.ts';
import { openKafkaClient } from '../sinks/kafka/open-client.ts';
import { Checking, type CheckResult } from './check-result.ts';

type Open = (config: NonNullable<Config['transport']>) => Promise<KafkaClient>;

const hourMs = 3_600_000;
/** A night without workers. */
const leastRetentionMs = 24 * hourMs;
const hours = (ms: number): string => `${Math.round((ms / hourMs) * 10) / 10} h`;

/**
 * Whether the brokers between agents and workers can be reached and keep what they are given: both topics, and for workers their
 * groups. Nothing is written: whether an agent may write shows itself when it does.
 * @param rules undefined where they could not be loaded
 */
export async function checkTransport(
  { role, transport, detect }: Pick<Config, 'role' | 'transport' | 'detect'>,
  rules: RuleSet | undefined,
  open: Open = openKafkaClient,
): Promise<readonly CheckResult[]> {
  if (role === 'all' || transport === undefined) return [];
  const { topic, matchesTopic, group } = transport;
  const client = open(transport);
  // Whoever waits for it is told.
  client.catch(() => undefined);
  const topics = [checkTopic(client, topic, leastRetentionMs, 'the longest time without workers')];
  if (role === 'worker') {
    const chained = rules?.correlations.some(({ isChained }) => isChained) ?? false;
    const windowsMs = reachMs(rules?.correlations.map(({ rule }) => rule) ?? [], chained, detect.latenessMs);
    topics.push(checkTopic(client, matchesTopic, windowsMs, 'what windows of the rules and the lateness reach back'));
  }
  const found = (await Promise.all(topics)).flat();
  if (role === 'agent' || found.some(({ state }) => state === 'failed')) return found;
  const groups = [checkGroup(client, topic, group), checkGroup(client, matchesTopic, `${group}.matches`)];
  return [...found, ...(await Promise.all(groups)).flat()];
}

function checkGroup(client: Promise<KafkaClient>, topic: string, group: string): Promise<readonly CheckResult[]> {
  const checking = new Checking('consumer group');
  return named(group, () =>
    checking.from(async () => {
      // It does not join: the least that the client takes.
      const consumer = (await client).consumer({ topic, group, concurrency: 1, partitionBytes: 1, sessionTimeoutMs: 6_000 });
      const begun = [...(await consumer.committed()).values()].filter(({ offset }) => offset !== undefined).length;
      return [checking.ok(begun === 0 ? 'no worker has committed anything yet' : `offsets of ${begun} partitions`)];
    }),
  );
}

/** Results that begin with what they are about. */
async function named(name: string, look: () => Promise<readonly CheckResult[]>): Promise<readonly CheckResult[]> {
  return (await look()).map((result) => ({ ...result, what: `${name}: ${result.what}` }));
}

function checkTopic(
  client: Promise<KafkaClient>,
  topic: string,
  leastMs: number,
  reason: string,
): Promise<readonly CheckResult[]> {
  const checking = new Checking('topic');
  return named(topic, () =>
    checking.from(async () => judgeTopic(checking, topic, await (await client).describe(topic), leastMs, reason)),
  );
}

function judgeTopic(
  checking: Checking,
  topic: string,
  { partitions, replicas, leaderless, minInSync, retentionMs }: TopicFacts,
  leastMs: number,
  reason: string,
): readonly CheckResult[] {
  const set = (setting: string): string =>
    `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${setting}`;
  const results: CheckResult[] = [];
  if (leaderless > 0)
    results.push(checking.failed(`${leaderless} of ${partitions} partitions have no leader`, 'Bring the missing brokers back.'));
  if (replicas < 2)
    results.push(
      checking.warning('a partition has one copy: what it holds is gone with its broker', 'Use a replication factor of 3.'),
    );
  else if (minInSync !== undefined && minInSync < 2)
    results.push(
      checking.warning(`min.insync.replicas is ${minInSync}: a record may be on one broker alone`, set('min.insync.replicas=2')),
    );
  if (retentionMs !== undefined && retentionMs >= 0 && retentionMs < leastMs)
    results.push(
      checking.warning(
        `it keeps records for ${hours(retentionMs)}; ${reason}: ${hours(leastMs)}`,
        set(`retention.ms=${Math.ceil(leastMs)}`),
      ),
    );
  if (results.length > 0) return results;
  const kept =
    retentionMs === undefined ? 'retention not told' : retentionMs < 0 ? 'kept for ever' : `kept for ${hours(retentionMs)}`;
  return [checking.ok(`${partitions} partitions, ${replicas} copies, ${kept}`)];
}
