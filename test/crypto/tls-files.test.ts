import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { makeCertificates } from '../../src/crypto/certificate-authority.ts';
import { fileState, readTlsFiles } from '../../src/crypto/tls-files.ts';

describe('crypto/tls-files', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-tls-'));
    const names = { authorityName: 'lab', serverNames: ['a.example.com'], clientName: 'b' };
    const made = await makeCertificates({ ...names, authorityDays: 2, leafDays: 1, now: new Date() });
    await writeFile(join(folder, 'ca.pem'), made.authority.certificate);
    await writeFile(join(folder, 'server.pem'), made.server.certificate);
    await writeFile(join(folder, 'server.key'), made.server.privateKey);
    await writeFile(join(folder, 'client.key'), made.client.privateKey);
    await writeFile(join(folder, 'no.pem'), 'hello');
  });
  after(() => rm(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  const codeOf = (files: Parameters<typeof readTlsFiles>[0]): Promise<string> =>
    readTlsFiles(files, 'E_X_TLS').then(
      () => 'read',
      (error: unknown) => (error instanceof Fault ? error.code : `${error}`),
    );

  it('reads what belongs together, and says what is missing or no use', async () => {
    expect(await codeOf({ certFile: at('server.pem'), keyFile: at('server.key'), caFile: at('ca.pem') })).to.equal('read');
    expect(await codeOf({})).to.equal('read');
    expect(await codeOf({ certFile: at('server.pem'), keyFile: at('client.key') })).to.equal('E_X_TLS');
    expect(await codeOf({ caFile: at('no.pem') })).to.equal('E_X_TLS');
    expect(await codeOf({ caFile: at('gone.pem') })).to.equal('E_FILE_READ');
  });

  it('has another state once a file is written, comes or goes', async () => {
    const files = [at('state'), undefined, at('ca.pem')];
    const states = [await fileState(files)];
    await writeFile(at('state'), 'a');
    states.push(await fileState(files));
    await writeFile(at('state'), 'ab');
    states.push(await fileState(files));
    expect(new Set(states).size).to.equal(3);
    expect(await fileState(files)).to.equal(states[2]);
  });
});
