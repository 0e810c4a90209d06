import { expect } from 'chai';
import { createRandom } from '../../src/demo/random.ts';
import { until } from '../support/until.ts';
import { eachPlace, roundsOr } from './agent-place.ts';
import { FaultProxy, proxyFaults } from './fault-proxy.ts';
import { host } from './webhook-load.ts';

/** Connections that are drawn a fault, for each kind of fault, a round. */
const faultsAKind = 3;

describe('faults/webhook-network', function () {
  this.timeout(60_000 + 30_000 * roundsOr(1));
  const newPlace = eachPlace();

  it('has every event of an honest sender once, however connections are cut, silent, slow or full of garbage', async () => {
    const place = newPlace();
    const random = createRandom(11);
    const agent = await place.start();
    const proxy = new FaultProxy({ host, port: place.port, random, calm: 0.1, silenceMs: 4_000, lifeMs: 6_000 });
    const port = await proxy.listen();
    const sender = place.send({ port, random, batches: 6, eventsPerSecond: 6_000, answerMs: 2_000 });
    const wanted = faultsAKind * roundsOr(1);
    await until(
      'faults of every kind',
      () => proxyFaults.every((fault) => (proxy.counts.get(fault) ?? 0) >= wanted),
      50_000 + 25_000 * roundsOr(1),
    );
    proxy.isFaulty = false;
    await sender.stop();
    expect(await agent.endsWithin(0), agent.said).to.equal(false);
    await proxy.close();
    await agent.stop();
    await place.judge(sender);
    expect(sender.answers.get(0), 'answers that did not arrive').to.be.greaterThan(0);
  });
});
