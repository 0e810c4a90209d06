import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { retry } from '../../src/pipeline/retry.ts';

const passing = new Fault('later', { code: 'E_TEST_LATER', retryable: true });
const lasting = new Fault('never', { code: 'E_TEST_NEVER' });

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('pipeline/retry', () => {
  it('tries again what may pass, and tells of each failure', async () => {
    const failures: string[] = [];
    let left = 2;
    const result = await retry(
      async () => {
        if (left-- > 0) throw passing;
        return 'done';
      },
      new AbortController().signal,
      (fault) => failures.push(fault.code),
    );
    expect([result, failures]).to.deep.equal(['done', ['E_TEST_LATER', 'E_TEST_LATER']]);
  });

  it('throws at once what cannot pass', async () => {
    expect(
      await errorOf(
        retry(
          () => Promise.reject(lasting),
          new AbortController().signal,
          () => undefined,
        ),
      ),
    ).to.equal(lasting);
    const mistake = new TypeError('x');
    expect(
      await errorOf(
        retry(
          () => Promise.reject(mistake),
          new AbortController().signal,
          () => undefined,
        ),
      ),
    ).to.equal(mistake);
  });

  it('throws the last fault when it is told to stop', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    expect(
      await errorOf(
        retry(
          () => Promise.reject(passing),
          stop.signal,
          () => undefined,
        ),
      ),
    ).to.equal(passing);
  });
});
