import { expect } from 'chai';
import { unsafeSwitches } from '../../src/cli/harden.ts';

describe('cli/harden', () => {
  it('names the switches of Node.js that can write memory out', () => {
    expect(
      unsafeSwitches(['--inspect=0', '--max-old-space-size=200'], '--heapsnapshot-signal=SIGUSR2 --enable-source-maps'),
    ).to.deep.equal(['--inspect=0', '--heapsnapshot-signal=SIGUSR2']);
    expect(unsafeSwitches([], '')).to.deep.equal([]);
  });
});
