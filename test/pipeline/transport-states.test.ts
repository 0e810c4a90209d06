import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { TransportStates } from '../../src/pipeline/transport-states.ts';

describe('pipeline/transport-states', () => {
  it('knows what is left of the partitions that a reader has, and of no others', () => {
    const states = new TransportStates();
    const watch = states.watch('transport');
    const lags = (): object =>
      Object.fromEntries<number>(
        states
          .readings()
          .transportLag()
          .map((one) => [one.labels?.['partition'] ?? '', one.value]),
      );
    watch.read(0, 5n);
    expect(lags()).to.deep.equal({}, 'before it has joined');
    watch.joined([0, 1]);
    watch.read(1, 7n);
    expect(lags()).to.deep.equal({ 0: 0, 1: 7 });
    watch.joined([1, 2]);
    watch.read(0, 9n);
    expect(lags()).to.deep.equal({ 1: 7, 2: 0 });
    expect(states.readings().transportLag()[0]?.labels).to.include({ reader: 'transport' });
  });

  it('tells why a reader reads nothing', () => {
    const states = new TransportStates();
    expect(states.problem()).to.equal(undefined, 'a process without readers');
    const [events, matches] = [states.watch('transport'), states.watch('transport.matches')];
    expect(states.problem()).to.contain('transport: it has not joined');
    events.joined([0]);
    expect(states.problem()).to.contain('transport.matches: it has not joined');
    matches.joined([]);
    expect(states.problem()).to.equal(undefined);
    events.away(new Fault('no Kafka broker can be reached', { code: 'E_KAFKA_UNREACHABLE' }));
    expect(states.problem()).to.equal('transport: no Kafka broker can be reached');
    expect(
      states
        .readings()
        .transportJoined()
        .map(({ value }) => value),
    ).to.deep.equal([0, 1]);
    expect(states.readings().transportLag()).to.deep.equal([]);
  });
});
