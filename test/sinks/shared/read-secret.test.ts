import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Secret } from '../../../src/core/secret.ts';
import { readSecret, readSecretText } from '../../../src/sinks/shared/read-secret.ts';

describe('sinks/shared/read-secret', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-secret-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives the value, or what the file holds at the moment', async () => {
    const file = join(folder, 'token');
    await writeFile(file, '  first\n');
    expect(await readSecretText(undefined, file)).to.equal('first');
    await writeFile(file, 'second');
    expect(await readSecretText(undefined, file)).to.equal('second');
    expect(await readSecretText(new Secret(Buffer.from('value')), file)).to.equal('value');
    expect(await readSecret(undefined, undefined)).to.equal(undefined);
  });

  it('says which file is missing or empty', async () => {
    const file = join(folder, 'token');
    const faultOf = (path: string) => readSecret(undefined, path).catch((fault: unknown) => fault);
    expect(await faultOf(file)).to.include({ code: 'E_FILE_READ' });
    await writeFile(file, '\n');
    expect(await faultOf(file)).to.include({ code: 'E_SINK_SECRET' });
  });
});
