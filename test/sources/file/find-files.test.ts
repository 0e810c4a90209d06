import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findFiles, pathsOf } from '../../../src/sources/file/find-files.ts';

describe('sources/file/find-files', () => {
  it('finds the files of a pattern, however its folder is written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auditveil-find-'));
    for (const name of ['a.log', 'b.log', 'a.log.1', 'axlog']) await writeFile(join(folder, name), '');
    await mkdir(join(folder, 'c.log'));
    try {
      for (const written of [folder, `${folder}/`, `${folder}/.`, `${folder}/c.log/..`]) {
        const found = (await findFiles(`${written}/?.log`)).map(({ path }) => path).sort();
        expect(found, written).to.deep.equal([join(folder, 'a.log'), join(folder, 'b.log')]);
        expect(
          [join(folder, 'a.log'), join(folder, 'c.log/a.log'), join(folder, 'ab.log')].map(pathsOf(`${written}/?.log`)),
          written,
        ).to.deep.equal([true, false, false]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
