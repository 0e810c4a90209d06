import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTls } from '../../../src/sinks/shared/read-tls.ts';

describe('sinks/shared/read-tls', () => {
  it('verifies with what the system trusts unless told otherwise', async () => {
    expect(await readTls()).to.deep.equal({ rejectUnauthorized: true, minVersion: 'TLSv1.2' });
    expect(await readTls({ serverName: 'logs.example.com', allowUnverified: true })).to.deep.equal({
      ...{ rejectUnauthorized: false, minVersion: 'TLSv1.2', servername: 'logs.example.com' },
    });
  });

  it('refuses files that are no certificates, without quoting them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auditveil-tls-'));
    try {
      const file = join(folder, 'ca.pem');
      await writeFile(file, 'PLANTED');
      for (const files of [{ caFile: file }, { certFile: file, keyFile: file }]) {
        const fault = await readTls(files).catch((error: unknown) => error);
        expect(fault).to.include({ code: 'E_SINK_TLS' });
        expect(String(fault)).not.to.contain('PLANTED');
      }
      expect(await readTls({ caFile: join(folder, 'none') }).catch((error: unknown) => error)).to.include({
        code: 'E_FILE_READ',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
