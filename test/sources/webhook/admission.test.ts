import { expect } from 'chai';
import { Admission, type Share } from '../../../src/sources/webhook/admission.ts';

describe('sources/webhook/admission', () => {
  const made = (bounds = { requests: 8, inFlightBytes: 100 }): Admission => new Admission(bounds);
  function enter(admission: Admission, sender: string): Share {
    const share = admission.enter(sender);
    if (typeof share === 'string') throw new Error(share);
    return share;
  }

  it('gives one sender three quarters of all requests, and the rest to others', () => {
    const admission = made();
    const first = Array.from({ length: 6 }, () => enter(admission, 'a'));
    expect(admission.enter('a')).to.equal('too-many-of-sender');
    enter(admission, 'b');
    enter(admission, 'c');
    expect(admission.enter('d')).to.equal('too-many-requests');
    admission.leave(first[3] as Share);
    expect(admission.enter('d')).to.be.an('object');
    expect(made({ requests: 1, inFlightBytes: 1 }).enter('a')).to.be.an('object');
  });

  it('lets each sender hold its equal part of the bytes, and the oldest request always read', () => {
    const admission = made();
    const [oldest, second, other] = [enter(admission, 'a'), enter(admission, 'a'), enter(admission, 'b')];
    admission.hold(second, 60);
    expect([oldest, second, other].map((share) => admission.mayRead(share))).to.deep.equal([true, false, true]);
    admission.hold(other, 49);
    expect([oldest, second, other].map((share) => admission.mayRead(share))).to.deep.equal([true, false, false]);
    admission.hold(second, 20);
    expect([oldest, second, other].map((share) => admission.mayRead(share))).to.deep.equal([true, true, true]);
  });

  it('wakes who may go on, and shares among those alone who have something', () => {
    const admission = made();
    const [oldest, flood, other] = [enter(admission, 'c'), enter(admission, 'a'), enter(admission, 'b')];
    const woken: string[] = [];
    admission.hold(flood, 70);
    admission.hold(other, 40);
    flood.wake = () => woken.push('flood');
    other.wake = () => woken.push('other');
    admission.hold(other, 20);
    expect(woken).to.deep.equal(['other']);
    admission.leave(other);
    expect(woken, 'what it holds counts on').to.deep.equal(['other']);
    admission.leave(oldest);
    expect(woken, 'the oldest now').to.deep.equal(['other', 'flood']);
    admission.hold(other, 0);
    expect([admission.requests, admission.bytes]).to.deep.equal([1, 70]);
    const late = enter(admission, 'a');
    expect(admission.mayRead(late), 'alone it may hold all').to.equal(true);
  });
});
