import { expect } from 'chai';
import { limits } from '../../src/core/limits.ts';
import { Sessions } from '../../src/web/sessions.ts';

const alice = { name: 'alice', role: 'analyst' } as const;

describe('web/sessions', () => {
  let nowMs = 0;
  let sessions: Sessions;
  beforeEach(() => {
    nowMs = 0;
    sessions = new Sessions({ nowMs: () => nowMs });
  });

  it('redeems a link once, and not when it is old', () => {
    const token = sessions.link(alice);
    expect(sessions.redeem(token)).to.deep.equal(alice);
    expect(sessions.redeem(token)).to.equal(undefined);
    const late = sessions.link(alice);
    nowMs = limits.webLinkMs;
    expect(sessions.redeem(late)).to.equal(undefined);
  });

  it('ends a session that is not used, and one that is used for a day', () => {
    const idle = sessions.open(alice);
    nowMs = limits.webSessionIdleMs;
    expect(sessions.find(idle.secret)).to.equal(undefined);
    expect(idle.session.over.signal.aborted).to.equal(true);
    const used = sessions.open(alice);
    const end = nowMs + limits.webSessionMs;
    for (; nowMs < end - 3_600_000; nowMs += 3_600_000) expect(sessions.find(used.secret)?.name).to.equal('alice');
    nowMs = end;
    expect(sessions.find(used.secret)).to.equal(undefined);
  });

  it('is bounded: the session unused for longest makes room, and what it has open ends', () => {
    const first = sessions.open(alice);
    const second = sessions.open(alice);
    sessions.find(first.secret);
    for (let i = 0; i < limits.webSessions - 1; i++) sessions.open(alice);
    expect(sessions.size).to.equal(limits.webSessions);
    expect(second.session.over.signal.aborted).to.equal(true);
    expect(sessions.find(first.secret)?.name).to.equal('alice');
  });

  it('ends on request', () => {
    const { secret, session } = sessions.open(alice);
    sessions.end(secret);
    expect(session.over.signal.aborted).to.equal(true);
    expect(sessions.find(secret)).to.equal(undefined);
  });
});
