import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Fault } from '../../src/core/faults.ts';
import { loadPacks } from '../../src/masking/load-pack.ts';
import {
  packageVersion,
  readPackFiles,
  readRuleFiles,
  readYamlFiles,
  shippedMapping,
  shippedPacks,
  shippedRules,
} from '../../src/pipeline/load-files.ts';
import { runPackExamples } from '../../src/pipeline/run-pack-examples.ts';
import { fixedKeyRing } from './support.ts';

describe('pipeline/load-files', () => {
  it('finds the shipped packs and rules by short names, without the field mapping', async () => {
    expect((await shippedPacks()).map(({ file }) => file)).to.include('masks/kubernetes.yml');
    const rules = (await shippedRules()).map(({ file }) => file);
    expect(rules).to.not.include('detectors/fields.yml');
    expect(
      rules.every((file) => /^detectors\/[a-z-]+\/[a-z0-9-]+\.ya?ml$/.test(file)),
      rules.join(),
    ).to.equal(true);
    expect((await shippedMapping()).names.size).to.be.greaterThan(0);
    expect(await packageVersion()).to.match(/^\d+\.\d+\.\d+/);
  });

  it('reads one file, or all YAML files below a folder in order of their names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auditveil-files-'));
    await mkdir(join(folder, 'b'));
    for (const name of ['c.yml', 'b/x.yaml', 'a.yml', 'note.txt']) await writeFile(join(folder, name), name);
    expect((await readYamlFiles(folder)).map(({ text }) => text)).to.deep.equal(['a.yml', 'b/x.yaml', 'c.yml']);
    expect((await readYamlFiles(join(folder, 'note.txt'))).map(({ text }) => text)).to.deep.equal(['note.txt']);
    let code = '';
    await readYamlFiles(join(folder, 'missing')).catch((error: unknown) => {
      code = (error as Fault).code;
    });
    expect(code).to.equal('E_FILE_READ');
    await rm(folder, { recursive: true });
  });

  it('reads a file of a mounted ConfigMap once, and nothing from hidden folders', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auditveil-files-'));
    const version = '..2026_05_04_09_00_00.1';
    await mkdir(join(folder, version));
    await mkdir(join(folder, 'sub/.git'), { recursive: true });
    for (const name of [`${version}/own.yml`, 'sub/.git/config.yml', 'sub/.hidden.yml'])
      await writeFile(join(folder, name), name);
    await symlink(version, join(folder, '..data'));
    await symlink('..data/own.yml', join(folder, 'own.yml'));
    expect((await readRuleFiles(folder)).map(({ file }) => file)).to.deep.equal([
      join(folder, 'own.yml'),
      join(folder, 'sub/.hidden.yml'),
    ]);
    await rm(folder, { recursive: true });
  });

  it('takes no folder of rules or packs without any', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auditveil-files-'));
    await writeFile(join(folder, 'rules.txt'), 'title: not read');
    for (const read of [readRuleFiles, readPackFiles]) {
      const fault = await read(folder).then(
        () => undefined,
        (error: unknown) => error as Fault,
      );
      expect(fault?.code).to.equal('E_FILE_NONE');
    }
    expect(await readYamlFiles(folder)).to.deep.equal([]);
    await rm(folder, { recursive: true });
  });

  it('says which example of a pack does not do what it says', async () => {
    const files = await shippedPacks();
    const wrong = files.map(({ file, text }) => ({
      file,
      text: file.endsWith('network.yml') ? text.replace(/^( +)gone: \[.*$/m, '$1gone: [Event]') : text,
    }));
    // All packs are in force; the examples of the others are tried by `masks test` (test/cli/commands/other-commands.test.ts).
    const packs = loadPacks(wrong).map((pack) => (pack.file.endsWith('network.yml') ? pack : { ...pack, examples: [] }));
    const results = runPackExamples(packs, fixedKeyRing());
    expect(results).to.have.length.greaterThan(5);
    expect(results.filter((result) => result.why !== undefined).map((result) => [result.file, result.why])).to.deep.equal([
      ['masks/network.yml', 'keeps something that must go'],
    ]);
  }).timeout(30_000);
});
