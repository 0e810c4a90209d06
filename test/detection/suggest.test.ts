import { expect } from 'chai';
import { suggest } from '../../src/detection/suggest.ts';

describe('detection/suggest', () => {
  it('names the nearest known word', () => {
    expect(suggest('startwith', ['contains', 'startswith', 'endswith'])).to.equal('Did you mean "startswith"?');
    expect(suggest('lsit', ['get', 'list'])).to.equal('Did you mean "list"?');
  });

  it('lists what is known when nothing is near', () => {
    expect(suggest('nosuchselection', ['sel'])).to.equal('Known: sel.');
    expect(suggest('x', [])).to.equal('None is defined here.');
  });
});
