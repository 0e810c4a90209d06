import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { isPolicyId, readPolicy } from '../../src/pipeline/read-policy.ts';

describe('pipeline/read-policy', () => {
  it('takes a built-in name as it is and anything else as a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auditveil-policy-'));
    const file = join(folder, 'mine.yml');
    await writeFile(file, 'id: mine\nversion: 4\nbase: strict\n');
    expect(await readPolicy('standard')).to.equal('standard');
    expect(await readPolicy(file)).to.include({ id: 'mine', version: 4, base: 'strict', file });
    await rm(folder, { recursive: true });
    const error: unknown = await readPolicy(file).catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(Fault).and.include({ code: 'E_FILE_READ' });
    expect([isPolicyId('strict'), isPolicyId('mine')]).to.deep.equal([true, false]);
  });
});
