import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { folderIn, leaveFile } from '../../src/log/leave-file.ts';

describe('log/leave-file', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-leave-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it('leaves a whole file in a folder of its own, for their owner alone, and replaces it', async () => {
    const folder = await folderIn(directory, 'notes');
    for (const text of ['first, and longer', 'second']) await leaveFile(folder, 'a.json', text);
    expect([modeOf(folder), modeOf(join(folder, 'a.json'))]).to.deep.equal([0o700, 0o600]);
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).to.equal('second');
    expect(readdirSync(await folderIn(directory, 'notes'))).to.deep.equal(['a.json']);
  });

  it("is the data folder's owner's, whoever leaves it", async function () {
    if (process.getuid?.() !== 0) this.skip();
    chownSync(directory, 65_534, 65_534);
    const folder = await folderIn(directory, 'notes');
    await leaveFile(folder, 'a.json', '{}');
    for (const path of [folder, join(folder, 'a.json')]) expect(statSync(path)).to.include({ uid: 65_534, gid: 65_534 });
  });

  it('goes through no link that stands in its way, and leaves no part where it fails', async () => {
    writeFileSync(join(directory, 'other'), 'theirs');
    symlinkSync(join(directory, 'other'), join(directory, `a.json.${process.pid}.tmp`));
    const error = await leaveFile(directory, 'a.json', 'ours').catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'ELOOP' });
    expect(readFileSync(join(directory, 'other'), 'utf8')).to.equal('theirs');
    expect(readdirSync(directory)).to.deep.equal(['other']);
    expect(await folderIn(join(directory, 'gone'), 'notes').catch((cause: unknown) => cause)).to.include({ code: 'ENOENT' });
    expect(existsSync(join(directory, 'gone'))).to.equal(false);
  });
});
