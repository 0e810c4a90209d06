import { expect } from 'chai';
import { withinTime } from '../../../src/sinks/shared/within-time.ts';

const never = new Promise<void>(() => undefined);
const codeOf = (action: Promise<unknown>) =>
  action.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );

describe('sinks/shared/within-time', () => {
  it('gives what the action gives, in time', async () => {
    expect(await withinTime(Promise.resolve(7), 1_000, new AbortController().signal)).to.equal(7);
    expect(await codeOf(withinTime(Promise.reject(new Error('own')), 1_000, new AbortController().signal))).to.equal(
      'Error: own',
    );
  });

  it('gives up after the time, or once it is aborted', async () => {
    expect(await codeOf(withinTime(never, 10, new AbortController().signal))).to.equal('E_SINK_TIMEOUT');
    expect(await codeOf(withinTime(never, 10_000, AbortSignal.timeout(10)))).to.equal('E_SINK_ABORTED');
    expect(await codeOf(withinTime(never, 10_000, AbortSignal.abort()))).to.equal('E_SINK_ABORTED');
  });
});
