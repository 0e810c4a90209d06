import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { describeError } from '../../src/cli/describe-error.ts';
import { Fault, Faults } from '../../src/core/faults.ts';

describe('cli/describe-error', () => {
  it('shows place, message, code and remedy, and picks the exit code by the area', () => {
    const fault = new Fault('no', { code: 'E_CONFIG_VALUE', remedy: 'Do this.', location: { file: 'f', line: 2, column: 3 } });
    expect(describeError(fault)).to.deep.equal({ text: 'error: f:2:3: no (E_CONFIG_VALUE)\n  Do this.', exitCode: 3 });
    expect(describeError(new Fault('x', { code: 'E_USAGE_X' })).exitCode).to.equal(2);
    expect(describeError(new Fault('x', { code: 'E_LOG_IO' })).exitCode).to.equal(1);
    expect(describeError(new Faults([fault, fault])).text.split('error:')).to.have.length(3);
  });

  it('never shows the message of an unexpected error: it may quote an event', () => {
    const { text, exitCode } = describeError(new TypeError('cannot read plantedSecret of undefined'));
    expect(exitCode).to.equal(1);
    expect(text)
      .to.match(/TypeError/)
      .and.not.to.match(/plantedSecret/);
    expect(describeError('plantedSecret').text).not.to.match(/plantedSecret/);
  });

  it('shows places in the code without the folder they lie in, and no line of the message for one', () => {
    const bundled = new TypeError('x\n    at plantedSecret (/a/src/y.js:1:2)');
    bundled.stack = `TypeError: ${bundled.message}\n    at one (/srv/plantedFolder/dist/src/program.cjs:4:5)\n    at ${pathToFileURL('/srv/plantedFolder/dist/src/cli/b.js').href}:6:7`;
    const { text } = describeError(bundled);
    expect(text.split('\n').slice(2)).to.deep.equal(['    at one (src/program.cjs:4:5)', '    at src/cli/b.js:6:7']);
    bundled.message = 'another';
    expect(describeError(bundled).text).not.to.include('planted');
  });
});
