import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { limits } from '../../src/core/limits.ts';

const module = new URL('../../src/pipeline/bound-heap.js', import.meta.url).href;

/** Bytes of the space for new objects after more of them that live for a while, once it has the wanted size. */
function newSpaceAfter(bound: string): number {
  const program = `
    const { boundHeap, holdNewSpace } = await import('${module}');
    const { getHeapSpaceStatistics } = await import('node:v8');
    const size = () => getHeapSpaceStatistics().find((one) => one.space_name === 'new_space').space_size;
    const kept = [];
    const fill = (rounds) => {
      for (let i = 0; i < rounds * 1000; i++) kept[(i * 7919) % 400_000] = { i, text: 'x' + i };
    };
    while (size() < ${limits.newSpaceBytes}) fill(1);
    ${bound}
    fill(600);
    console.log(size());`;
  const args = ['--input-type=module', '-e', program];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: fileURLToPath(new URL('.', import.meta.url)) }));
}

describe('pipeline/bound-heap', () => {
  it('holds the space for new objects, which grows beyond it without', () => {
    expect(newSpaceAfter('')).to.be.greaterThan(limits.newSpaceBytes);
    expect(newSpaceAfter('holdNewSpace();')).to.be.at.most(limits.newSpaceBytes);
  });

  it('leaves that space alone where only the heap is bound', () => {
    expect(newSpaceAfter('boundHeap();')).to.be.greaterThan(limits.newSpaceBytes);
  });
});
