import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Posture } from '../../../src/detection/posture/posture.ts';
import { posturePage } from '../../../src/detection/posture/posture-page.ts';

describe('detection/posture/posture-page', () => {
  it('is what docs/posture.md holds (write it with `auditveil docs`)', () => {
    expect(readFileSync('docs/posture.md', 'utf8')).to.equal(posturePage());
  });

  it('has every practice', () => {
    for (const { id } of Posture.practices()) expect(posturePage()).to.contain(`| \`${id}\` |`);
  });
});
