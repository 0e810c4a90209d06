import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readText } from '../../src/cli/read-text.ts';

describe('cli/read-text', () => {
  it('reads a file, and says which one cannot be read', async () => {
    expect(await readText(fileURLToPath(import.meta.url))).to.include('says which one');
    for (const file of ['/no/such.txt', tmpdir()]) {
      const error = await readText(file).catch((cause: unknown) => cause);
      expect(error).to.include({ code: 'E_FILE_READ' });
      expect(String(error)).to.include(file);
    }
  });
});
