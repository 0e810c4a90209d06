import { resolve } from 'node:path';
import { expect } from 'chai';
import { flagConfig, type RunFlags } from '../../src/cli/flag-config.ts';

const flags: RunFlags = {
  files: ['audit.log'],
  dataDir: 'data',
  cluster: 'lab',
  follow: true,
  policy: 'standard',
  enable: [],
  profile: 'default',
  workers: 1,
};

describe('cli/flag-config', () => {
  it('gives every flag the meaning of the key of the same name, with paths from here', () => {
    const { masking, detect } = flagConfig({
      ...flags,
      pack: ['own.yml'],
      rules: ['rules'],
      lists: ['lists.yml'],
      exceptions: ['exceptions.yml'],
      firstMatch: true,
      falcoCompat: true,
    });
    expect(masking.packs).to.deep.equal([resolve('own.yml')]);
    expect(detect).to.deep.include({
      builtIn: false,
      rules: [resolve('rules')],
      lists: [resolve('lists.yml')],
      exceptionFiles: [resolve('exceptions.yml')],
      firstMatch: true,
      falcoCompat: true,
    });
  });

  it('leaves the defaults where nothing is said', () => {
    const { masking, detect } = flagConfig(flags);
    expect(masking.packs).to.deep.equal([]);
    expect(detect).to.deep.include({ builtIn: true, rules: [], lists: [], firstMatch: false, falcoCompat: false });
  });
});
