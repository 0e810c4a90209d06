import { expect } from 'chai';
import { limits } from '../../src/core/limits.ts';
import { LoginGuard } from '../../src/web/login-guard.ts';

describe('web/login-guard', () => {
  it('lets an address wait after too many wrong tokens, and others not', () => {
    let nowMs = 0;
    const guard = new LoginGuard({ nowMs: () => nowMs });
    for (let i = 0; i < limits.webLoginFailures; i++) guard.failed('2001:db8:1:2::1');
    expect(guard.waitSeconds('2001:db8:1:2:ffff::9')).to.equal(60);
    expect(guard.waitSeconds('2001:db8:1:3::1')).to.equal(0);
    expect(guard.waitSeconds('192.0.2.1')).to.equal(0);
    nowMs = 61_000;
    expect(guard.waitSeconds('2001:db8:1:2::1')).to.equal(0);
    expect(guard.total).to.equal(limits.webLoginFailures);
  });

  it('remembers a bounded number of addresses, and tells of failures once', () => {
    const guard = new LoginGuard({ nowMs: () => 0 });
    for (let i = 0; i < 3 * limits.webLoginAddresses; i++) guard.failed(`10.0.${i >> 8}.${i & 255}`);
    expect(guard.takeUnsaid()).to.have.length(limits.webLoginAddresses);
    expect(guard.takeUnsaid()).to.deep.equal([]);
  });

  it('takes an IPv4 address for itself, however it is written', () => {
    const guard = new LoginGuard({ nowMs: () => 0 });
    for (let i = 0; i < limits.webLoginFailures; i++) guard.failed('::ffff:192.0.2.7');
    expect(guard.waitSeconds('192.0.2.7')).to.be.greaterThan(0);
  });
});
