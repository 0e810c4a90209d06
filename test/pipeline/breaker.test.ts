import { expect } from 'chai';
import { Breaker, backoffMs } from '../../src/pipeline/breaker.ts';

describe('pipeline/breaker', () => {
  it('opens after so many failures in a row, lets one attempt through, and closes once one passes', () => {
    const breaker = new Breaker(3);
    breaker.failed();
    breaker.failed();
    breaker.passed();
    expect([breaker.failed(), breaker.failed(), breaker.state]).to.deep.equal([false, false, 'closed']);
    expect([breaker.failed(), breaker.state]).to.deep.equal([true, 'open']);
    breaker.attempt();
    expect(breaker.state).to.equal('half-open');
    expect([breaker.failed(), breaker.state]).to.deep.equal([false, 'open']);
    breaker.attempt();
    expect([breaker.passed(), breaker.state, breaker.failures]).to.deep.equal([true, 'closed', 0]);
    expect(breaker.passed()).to.equal(false);
  });

  it('waits twice as long each time up to a bound, less a random part, and as long as it was asked to', () => {
    expect([1, 2, 3, 7, 50].map((failures) => backoffMs(failures, false, 0))).to.deep.equal([100, 200, 400, 5_000, 5_000]);
    expect(backoffMs(50, true, 0)).to.equal(30_000);
    expect(backoffMs(3, false, 0.5)).to.equal(300);
    expect(backoffMs(1, false, 0, 7_000)).to.equal(7_000);
    expect(backoffMs(1, false, 0, 86_400_000)).to.equal(900_000);
  });
});
