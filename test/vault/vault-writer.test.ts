import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect } from 'chai';
import { limits } from '../../src/core/limits.ts';
import { vaultTarget } from '../../src/vault/open-vault.ts';
import { unseal } from '../../src/vault/unseal.ts';
import { removeEpoch, sealedFiles } from '../../src/vault/vault-files.ts';
import { newVaultCounts, VaultWriter } from '../../src/vault/vault-writer.ts';

describe('vault', () => {
  let folder: string;
  let identity: string;
  let recipient: string;
  let nowMs: number;
  let counts: BigUint64Array;
  before(async () => {
    identity = await generateX25519Identity();
    recipient = await identityToRecipient(identity);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-vault-'));
    nowMs = 1_700_000_000_000;
    counts = newVaultCounts();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const target = (over: { readonly maxBytes?: number; readonly maxAgeMs?: number } = {}) => ({
    ...{ directory: join(folder, 'vault'), recipients: [recipient], maxBytes: 1e9, maxAgeMs: 1e9, counts, ...over },
  });
  const open = (over = {}): VaultWriter => new VaultWriter(target(over), () => nowMs);
  const see = (writer: VaultWriter, name: string, epoch = 'k1'): void =>
    writer.seen(epoch, 'user', name, `[MASKED:user:${name.length}]`);

  it('seals each value once, opens with the identity alone, and holds no plain value', async () => {
    const writer = open();
    for (const name of ['planted-jane', 'planted-jane', 'planted-robert']) see(writer, name);
    await writer.flush();
    see(writer, 'planted-jane');
    await writer.flush();
    const again = open();
    await again.flush();
    see(again, 'planted-robert');
    await again.flush();
    expect(await sealedFiles(join(folder, 'vault'))).to.have.length(1);
    for (const name of readdirSync(join(folder, 'vault')))
      expect(readFileSync(join(folder, 'vault', name), 'latin1')).not.to.match(/planted|cGxhbnRlZ/);
    const found = await unseal(join(folder, 'vault'), ['[MASKED:user:12]', '[MASKED:user:99]'], `# team\n${identity}\n`);
    expect(found).to.deep.equal([{ kind: 'user', pseudonym: '[MASKED:user:12]', value: 'planted-jane', epoch: 'k1' }]);
    const other = await generateX25519Identity();
    const error = await unseal(join(folder, 'vault'), ['[MASKED:user:12]'], other).catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'E_UNMASK_IDENTITY' });
  });

  it('deletes the oldest beyond its size and age, and seals those values when they come again', async () => {
    const writer = open({ maxAgeMs: 1000 });
    see(writer, 'anna');
    await writer.flush();
    nowMs += 2000;
    see(writer, 'berta-long');
    await writer.flush();
    expect(await sealedFiles(join(folder, 'vault'))).to.have.length(1);
    see(writer, 'anna');
    await writer.flush();
    expect(await unseal(join(folder, 'vault'), ['[MASKED:user:4]'], identity)).to.have.length(1);
    const small = open({ maxBytes: 100 });
    await small.flush();
    see(small, 'another-one');
    await small.flush();
    expect(await sealedFiles(join(folder, 'vault'))).to.deep.equal([]);
  });

  it('says once that it cannot write, keeps what waits, and goes on later', async () => {
    writeFileSync(join(folder, 'vault'), 'a file');
    const writer = open();
    const said: string[] = [];
    writer.notice = (text) => said.push(text);
    see(writer, 'anna');
    await writer.flush();
    await writer.flush();
    expect(said).to.have.length(1);
    expect(`${said} ${JSON.stringify(writer.readings())}`).not.to.include('anna');
    rmSync(join(folder, 'vault'));
    await writer.flush();
    expect(await sealedFiles(join(folder, 'vault'))).to.have.length(1);
  });

  it('counts what became of new values, of all threads, and keeps no more than its bound', async () => {
    const [writer, ofAnotherThread] = [open(), open()];
    for (let i = 0; i < limits.vaultWaiting + 2; i++) writer.seen('k1', 'user', `name ${i}`, `[MASKED:user:k1:${i}]`);
    see(ofAnotherThread, 'x'.repeat(limits.vaultValueBytes + 1));
    await writer.flush();
    expect(writer.readings().map(({ value, labels }) => [labels.result, value])).to.deep.equal([
      ['sealed', limits.vaultWaiting],
      ['dropped', 3],
      ['retried', 0],
    ]);
    expect(ofAnotherThread.readings()).to.deep.equal(writer.readings());
  });

  it('seals nothing anew that comes before it has read what it sealed before', async () => {
    const writer = open();
    see(writer, 'anna');
    await writer.flush();
    const again = open();
    see(again, 'anna');
    await again.flush();
    expect(await sealedFiles(join(folder, 'vault'))).to.have.length(1);
  });

  it('removes what was sealed of an epoch', async () => {
    const writer = open();
    see(writer, 'anna', 'k1');
    see(writer, 'anna', 'k2');
    await writer.flush();
    expect(await removeEpoch(join(folder, 'vault'), 'k1')).to.equal(1);
    expect((await sealedFiles(join(folder, 'vault'))).map(({ epoch }) => epoch)).to.deep.equal(['k2']);
  });

  it('does not open where a private key lies beside its files, or what is named is no public key', async () => {
    const recipientsFile = join(folder, 'team.txt');
    const config = { recipientsFile, approversFile: '', maxBytes: 1, maxAgeMs: 1 };
    const opened = () => vaultTarget(config, join(folder, 'data'), [folder]).catch((error: unknown) => error);
    writeFileSync(recipientsFile, `# the team\n${recipient}\n`);
    expect(await opened()).to.deep.include({ recipients: [recipient] });
    writeFileSync(join(folder, 'notes.txt'), `x ${identity}`);
    expect(await opened()).to.include({ code: 'E_VAULT_IDENTITY' });
    rmSync(join(folder, 'notes.txt'));
    for (const text of ['', 'age1x', `${recipient}x`]) {
      writeFileSync(recipientsFile, text);
      expect(await opened()).to.include({ code: 'E_VAULT_RECIPIENTS' });
    }
  });
});
