import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { Output } from '../../src/cli/output.ts';

describe('cli/output', () => {
  it('says nothing over a screen that somebody draws on: it is shown there, and stands on standard error afterwards', () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const output = new Output(stdout, stderr, {});
    const said: string[] = [];
    expect(output.takeScreen((text) => said.push(text))).to.equal(stdout);
    output.note('one');
    output.complain('two\n');
    expect([said, stderr.read()]).to.deep.equal([['one', 'two'], null]);
    output.giveScreen();
    output.note('three');
    output.giveScreen();
    expect([said.length, String(stderr.read())]).to.deep.equal([2, 'one\ntwo\nthree\n']);
  });

  it('has colour on a terminal or where it is forced, and never where it is not wanted', () => {
    const colour = (env: Readonly<Record<string, string>>, isTTY = false): boolean =>
      new Output(Object.assign(new PassThrough(), { isTTY }), new PassThrough(), env).colour;
    expect([colour({}), colour({}, true), colour({ TERM: 'dumb' }, true)]).to.deep.equal([false, true, false]);
    expect([colour({ FORCE_COLOR: '1' }), colour({ CLICOLOR_FORCE: '1' }), colour({ FORCE_COLOR: '0' })]).to.deep.equal([
      ...[true, true, false],
    ]);
    expect(colour({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).to.equal(false);
  });
});
