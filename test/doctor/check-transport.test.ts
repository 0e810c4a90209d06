import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { checkTransport } from '../../src/doctor/check-transport.ts';
import { correlationOf } from '../support/correlation.ts';
import { FakeKafka } from '../support/fake-kafka.ts';

const configOf = (role: string) =>
  loadConfig(
    `version: 1\ncluster: { name: c }\nrole: ${role}\nsources: []\ntransport: { type: kafka, brokers: ["kafka.example.com:9092"] }\n`,
    '/etc/c.yaml',
    {},
  );
const rules = correlationOf('type: event_count, rules: [a], timespan: 2h, condition: { gte: 4 }');

describe('doctor/check-transport', () => {
  const look = async (kafka: FakeKafka, role = 'worker') => {
    const results = await checkTransport(configOf(role), rules, kafka.client);
    return results.map(({ about, state, what, remedy }) => `${state} ${about}: ${what} ${remedy ?? ''}`);
  };

  it('is content with topics that keep what they are given, and changes nothing', async () => {
    const kafka = new FakeKafka(6);
    const lines = await look(kafka);
    expect(lines.map((line) => line.split(': ').slice(0, 2).join(': '))).to.deep.equal([
      'ok topic: auditveil-events',
      'ok topic: auditveil-matches',
      'ok consumer group: auditveil-workers',
      'ok consumer group: auditveil-workers.matches',
    ]);
    expect(lines[0]).to.contain('6 partitions, 3 copies, kept for 72 h');
    expect([kafka.messages, [...kafka.committed]]).to.deep.equal([[], []]);
    expect(await look(kafka, 'agent')).to.have.length(1);
  });

  it('warns of what loses records, with the command that helps', async () => {
    const kafka = new FakeKafka();
    kafka.facts = { replicas: 3, leaderless: 0, minInSync: 1, retentionMs: 3 * 3_600_000 };
    const lines = await look(kafka);
    expect(lines[0]).to.match(/^warning .*min\.insync\.replicas is 1.*--add-config min\.insync\.replicas=2/);
    expect(lines[1]).to.match(/^warning .*keeps records for 3 h.*24 h.*retention\.ms=86400000/);
    expect(lines[3]).to.match(/^warning .*auditveil-matches.*keeps records for 3 h.*4\.1 h.*retention\.ms=14700000/);
    kafka.facts = { replicas: 1, leaderless: 1, minInSync: undefined, retentionMs: -1 };
    expect((await look(kafka)).map((line) => line.split(' ')[0])).to.deep.equal(['failed', 'warning', 'failed', 'warning']);
  });

  it('says that brokers are away, once for each topic', async () => {
    const kafka = new FakeKafka();
    kafka.isAway = true;
    const lines = await look(kafka);
    expect(lines).to.have.length(2);
    expect(lines[0]).to.match(/^failed topic: auditveil-events: no Kafka broker can be reached .*`brokers`/);
  });

  it('has nothing to say where one process does everything', async () => {
    expect(await checkTransport({ ...configOf('agent'), role: 'all' }, rules, new FakeKafka().client)).to.deep.equal([]);
  });
});
