import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { configSchema } from '../../src/config/schema.ts';
import { filesDigest, filesState, setupFiles } from '../../src/pipeline/setup-files.ts';

describe('pipeline/setup-files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-setup-'));
    mkdirSync(join(folder, 'rules/deep'), { recursive: true });
    writeFileSync(join(folder, 'rules/deep/a.yml'), 'a');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('names every file and folder a configuration takes texts from', () => {
    const config = configSchema.parse({
      version: 1,
      cluster: { name: 'c' },
      sources: [{ type: 'stdin' }],
      masking: { policy: '/p/policy.yml', packs: ['/p/packs'] },
      detect: { rules: ['/p/rules'], lists: ['/p/lists'], exceptionFiles: ['/p/exceptions.yml'] },
    });
    const files = ['/p/policy.yml', '/p/packs', '/p/rules', '/p/lists', '/p/exceptions.yml'];
    expect(setupFiles(config, '/p/config.yaml')).to.deep.equal(['/p/config.yaml', ...files]);
    expect(setupFiles({ ...config, masking: { ...config.masking, policy: 'standard' } }, undefined)).to.deep.equal(
      files.slice(1),
    );
  });

  it('sees a file of a folder written, one more and one less', async () => {
    const paths = [join(folder, 'rules'), join(folder, 'gone.yml')];
    const states = [await filesState(paths)];
    writeFileSync(join(folder, 'rules/deep/a.yml'), 'another');
    states.push(await filesState(paths));
    writeFileSync(join(folder, 'rules/b.yml'), 'b');
    states.push(await filesState(paths));
    writeFileSync(join(folder, 'gone.yml'), '');
    states.push(await filesState(paths));
    expect(new Set(states).size).to.equal(4);
  });

  it('tells contents apart, not times', async () => {
    const paths = [join(folder, 'rules')];
    const before = [await filesState(paths), await filesDigest(paths)];
    utimesSync(join(folder, 'rules/deep/a.yml'), new Date(0), new Date(0));
    const after = [await filesState(paths), await filesDigest(paths)];
    expect(after[0]).not.to.equal(before[0]);
    expect(after[1]).to.equal(before[1]);
    writeFileSync(join(folder, 'rules/deep/a.yml'), 'b');
    expect(await filesDigest(paths)).not.to.equal(before[1]);
  });
});
