import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect } from 'chai';
import { auditEvent, CliFolder } from '../run-cli.ts';

describe('cli/commands/unmask', function () {
  this.timeout(120_000);
  let folder: CliFolder;
  let pseudonym: string;
  before(async () => {
    folder = new CliFolder();
    const identity = await generateX25519Identity();
    writeFileSync(folder.file('recipients.txt'), `${await identityToRecipient(identity)}\n`);
    await folder.run(['keys', 'init', '--key', 'keys.json']);
    await folder.run(['keys', 'signing', 'init', '--signing-key', 'approver.pem', '--data-dir', 'none']);
    const config = `version: 1
cluster: { name: prod }
sources: [{ type: file, path: audit.log, follow: false }]
masking: { keyFile: keys.json }
log: { directory: data }
vault: { recipientsFile: recipients.txt, approversFile: approver.pub.pem }
`;
    writeFileSync(folder.file('config.yaml'), config);
    const event = auditEvent({
      user: { username: 'planted.jane' },
      requestObject: { kind: 'Secret', stringData: { p: 'planted-secret-9' } },
    });
    writeFileSync(folder.file('audit.log'), `${event}\n`);
    const { code, stderr } = await run();
    expect(code, stderr).to.equal(0);
    writeFileSync(folder.file('team.key'), identity);
    const { stdout } = await folder.run(['pseudonym', 'planted.jane', '--kind', 'user', '--key', 'keys.json', '--json']);
    pseudonym = (JSON.parse(stdout) as { pseudonym: string }).pseudonym;
  });
  after(() => folder.remove());

  const run = () => folder.run(['run', '--config', 'config.yaml', '--output', 'none']);
  const unmask = (...more: string[]) =>
    folder.run(['unmask', '--data-dir', 'data', '--identity', 'team.key', '--request', ...more]);

  it('leaves nothing plain in the vault, and secrets not at all', () => {
    const files = readdirSync(folder.file('data/vault'));
    expect(files.some((name) => name.endsWith('.age'))).to.equal(true);
    for (const name of files) expect(readFileSync(folder.file(`data/vault/${name}`), 'latin1')).not.to.include('planted');
  });

  it('shows an original only with an approved request; that it did is a note and a finding', async () => {
    const request = ['unmask', 'request', pseudonym, 'planted.typed', '--reason', 'INC-17', '--out', 'request.json'];
    expect((await folder.run(request)).code).to.equal(0);
    expect((await unmask('request.json')).stderr).to.include('E_UNMASK_APPROVAL');
    const self = await folder.run(['unmask', 'approve', 'request.json', '--signing-key', 'approver.pem', '--out', 'self.json']);
    expect(self.stderr).to.include('E_UNMASK_SELF');
    // Another user of the system: who asked stands in the file.
    const asked = readFileSync(folder.file('request.json'), 'utf8').replace(
      /"requester": \{[^}]*\}/,
      '"requester": { "name": "ann", "uid": 77777 }',
    );
    writeFileSync(folder.file('asked.json'), asked);
    await folder.run(['unmask', 'approve', 'asked.json', '--signing-key', 'approver.pem', '--out', 'approved.json']);
    const { code, stdout, stderr } = await unmask('approved.json');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/user +k1 +planted\.jane/);
    const [noted] = readdirSync(folder.file('data/notes')).map((name) => readFileSync(folder.file(`data/notes/${name}`), 'utf8'));
    expect(noted).to.include(`"asked":2,"pseudonyms":["${pseudonym}"],"values":1`).and.not.include('planted');
    writeFileSync(folder.file('forged.json'), readFileSync(folder.file('approved.json'), 'utf8').replace('INC-17', 'INC-18'));
    expect((await unmask('forged.json')).stderr).to.include('E_UNMASK_APPROVAL');
  });

  it('does not start beside a private key', async () => {
    expect((await run()).stderr).to.include('E_VAULT_IDENTITY');
    writeFileSync(folder.file('team.key'), '');
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n`);
    expect((await run()).code).to.equal(0);
    const tail = await folder.run(['tail', '--data-dir', 'data', '-o', 'json', '--no-follow']);
    expect(tail.stdout).to.include('auditveil.unmask').and.include('INC-17').and.not.include('planted');
  });
});
