import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { errorCode, nodeFileSystem } from '../../src/log/file-system.ts';

const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => errorCode(error),
  );

describe('log/file-system', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-fs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes a folder and those above it for this user only, and again without complaint', async () => {
    const path = join(folder, 'a/b/c');
    await Promise.all([nodeFileSystem.makeDirectory(path), nodeFileSystem.makeDirectory(path)]);
    await nodeFileSystem.makeDirectory(path);
    for (const part of ['a', 'a/b', 'a/b/c']) expect((await stat(join(folder, part))).mode & 0o777).to.equal(0o700);
  });

  it('fails where a file stands in the way', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await codeOf(nodeFileSystem.makeDirectory(join(folder, 'file')))).to.equal('EEXIST');
    expect(await codeOf(nodeFileSystem.makeDirectory(join(folder, 'file/below')))).to.equal('ENOTDIR');
  });

  it('fails at once on a file system that has no room for folders', async function () {
    if (process.platform !== 'linux') this.skip();
    expect(await codeOf(nodeFileSystem.makeDirectory('/proc/auditveil/events'))).to.equal('ENOENT');
  });
});
