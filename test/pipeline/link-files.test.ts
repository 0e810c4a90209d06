import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { limits } from '../../src/core/limits.ts';
import { makeLink, redeemLink } from '../../src/pipeline/link-files.ts';

const alice = { name: 'alice', role: 'auditor' } as const;

describe('pipeline/link-files', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-links-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one of many who come with the same token in, once', async () => {
    const token = await makeLink(folder, alice, 0);
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeemLink(folder, token, 1)));
    expect(answers.filter((answer) => answer !== undefined)).to.deep.equal([alice]);
    expect(await readdir(join(folder, 'web-links'))).to.deep.equal([]);
  });

  it('keeps no token on disk, and lets nobody in late or with a path', async () => {
    const token = await makeLink(folder, alice, 0);
    const [name = ''] = await readdir(join(folder, 'web-links'));
    expect(name + (await readFile(join(folder, 'web-links', name), 'utf8'))).not.to.include(token);
    for (const wrong of ['', '../web-links/x', name, name.replace('.json', '')])
      expect(await redeemLink(folder, wrong, 1)).to.equal(undefined);
    expect(await redeemLink(folder, token, limits.webLinkMs)).to.equal(undefined);
  });

  it('says where no link can be left', async () => {
    const error = await makeLink(join(folder, 'none'), alice, 0).catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'E_WEB_LINK' });
  });
});
