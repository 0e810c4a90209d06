import { expect } from 'chai';
import { withDescriptor } from '../../../src/sources/file/with-descriptor.ts';

const refused = (code: string): Error => Object.assign(new Error(code), { code });

describe('sources/file/with-descriptor', () => {
  it('waits while the process or the machine has none left', async () => {
    const codes = ['EMFILE', 'ENFILE'];
    const opened = await withDescriptor(async () => {
      const code = codes.shift();
      if (code !== undefined) throw refused(code);
      return 'open';
    });
    expect([opened, codes.length]).to.deep.equal(['open', 0]);
  });

  it('does not wait for what will not pass', async () => {
    let tries = 0;
    const failure = await withDescriptor(() => {
      tries++;
      return Promise.reject(refused('EACCES'));
    }).catch((error: { code: string }) => error.code);
    expect([failure, tries]).to.deep.equal(['EACCES', 1]);
  });
});
