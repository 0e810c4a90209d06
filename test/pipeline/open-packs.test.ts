import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { lintPacks } from '../../src/pipeline/lint-packs.ts';
import { loadPackFiles, openPacks } from '../../src/pipeline/open-packs.ts';

const rule = (id: string): string => `[[rules]]\nid = '${id}'\nregex = '''${id}-[0-9]{6}'''\n`;
const ids = (
  packs: readonly { readonly id: string; readonly rules: readonly { readonly id: string }[] }[],
  id: string,
): readonly string[] | undefined => packs.find((pack) => pack.id === id)?.rules.map((one) => one.id);

describe('pipeline/open-packs', () => {
  let folder: string;
  const write = (file: string, text: string): Promise<void> => writeFile(join(folder, file), text);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-packs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('loads gitleaks files beside the shipped packs, named after their files', async () => {
    await write('.gitleaks.toml', rule('one'));
    await write('Team Rules.toml', rule('two'));
    const { packs } = await openPacks([folder]);
    const shipped = (await openPacks([])).packs.map(({ id }) => id);
    expect(packs.map(({ id }) => id)).to.deep.equal([...shipped, 'gitleaks', 'team-rules']);
  });

  it('gives packs of the same name different ids', async () => {
    await write('credentials.toml', rule('one'));
    const { packs } = await openPacks([join(folder, 'credentials.toml'), join(folder, 'credentials.toml')]);
    expect(packs.slice(-2).map(({ id }) => id)).to.deep.equal(['credentials-2', 'credentials-3']);
  });

  it('follows extend.path from the folder of the file, two files deep', async () => {
    await write('a.toml', `[extend]\npath = 'b.toml'\n${rule('one')}`);
    await write('b.toml', `[extend]\npath = 'c.toml'\n${rule('two')}`);
    await write('c.toml', `[extend]\npath = 'd.toml'\n${rule('three')}`);
    const { packs } = await openPacks([join(folder, 'a.toml')]);
    expect(ids(packs, 'a')).to.have.members(['a/one', 'a/two', 'a/three']);
  });

  it('takes the default rules from the file of gitleaks where it is given too, once', async () => {
    await write('default.toml', `title = 'gitleaks config'\n${rule('one')}${rule('two')}`);
    await write('own.toml', `[extend]\nuseDefault = true\ndisabledRules = ['two']\n${rule('three')}`);
    const { packs, notices } = await openPacks([folder]);
    expect(ids(packs, 'own')).to.have.members(['own/one', 'own/three']);
    expect(ids(packs, 'default')).to.equal(undefined);
    expect(notices).to.deep.equal([]);
  });

  it('takes a file of that name beside the one that names it, and says so', async () => {
    await write('a.toml', `[extend]\npath = '../elsewhere/b.toml'\n${rule('one')}`);
    await write('b.toml', rule('two'));
    const { packs, notices } = await openPacks([join(folder, 'a.toml')]);
    expect(ids(packs, 'a')).to.have.members(['a/one', 'a/two']);
    expect(notices.map(({ line, message }) => [line, message.includes('b.toml beside')])).to.deep.equal([[1, true]]);
  });

  it('refuses a file that is not there, at the line that names it', async () => {
    await write('a.toml', `title = 'x'\n[extend]\npath = 'gone.toml'\n`);
    const error: unknown = await openPacks([join(folder, 'a.toml')]).catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(Fault).and.include({ code: 'E_GITLEAKS_EXTEND' });
    expect((error as Fault).location?.line).to.equal(2);
  });

  it('loads from files what the build left out: examples', async () => {
    const { packs } = await loadPackFiles([]);
    expect(packs.every(({ examples }) => examples.length > 0)).to.equal(true);
  });

  it('finds patterns that have to be tried on every text', async () => {
    await write('slow.toml', `${rule('one')}[[rules]]\nid = 'two'\nregex = '[^ ]{20,30}'\n`);
    const { packs } = await openPacks([folder]);
    expect(lintPacks(packs).slow).to.deep.equal(['slow/two']);
  });

  it('looks for words where an expression says nothing about where to look', async () => {
    await write('worded.toml', `[[rules]]\nid = 'two'\nregex = '[^ ]{20,30}'\nkeywords = ['acme.']\n`);
    const { packs } = await openPacks([folder]);
    expect(lintPacks(packs).slow).to.deep.equal([]);
  });
});
