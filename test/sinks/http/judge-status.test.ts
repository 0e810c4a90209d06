import { expect } from 'chai';
import { judgeStatus } from '../../../src/sinks/http/judge-status.ts';

describe('sinks/http/judge-status', () => {
  it('has a verdict for every status', () => {
    const codes = (...statuses: readonly number[]): readonly string[] =>
      statuses.map((status) => {
        const verdict = judgeStatus(status, 'example.com');
        return verdict.kind === 'delivered' ? 'delivered' : `${verdict.kind} ${verdict.fault.code}`;
      });
    const only = (text: string, ...statuses: readonly number[]) =>
      expect(new Set(codes(...statuses))).to.deep.equal(new Set([text]));
    only('delivered', 200, 201, 202, 204);
    only('errored E_SINK_BUSY', 408, 425, 429);
    only('errored E_SINK_SERVER', 500, 502, 503, 504, 507);
    only('errored E_SINK_AUTH', 401, 403, 407);
    only('errored E_SINK_REDIRECT', 301, 302, 304, 307, 308);
    only('errored E_SINK_STATUS', 404, 405, 410, 415);
    only('tooLarge E_SINK_TOO_LARGE', 413);
    only('refused E_SINK_REFUSED', 400, 422);
  });

  it('says the remedy where somebody can do something, and keeps the wait', () => {
    const verdict = judgeStatus(401, 'example.com', 5_000);
    expect(verdict.kind === 'errored' && [verdict.fault.remedy !== undefined, verdict.retryAfterMs]).to.deep.equal([true, 5_000]);
    expect(verdict.kind === 'errored' && verdict.fault.message).to.contain('example.com answered 401');
  });
});
