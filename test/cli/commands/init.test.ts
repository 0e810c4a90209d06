import { expect } from 'chai';
import { CliFolder } from '../run-cli.ts';

describe('cli/commands/init', () => {
  let folder: CliFolder;
  beforeEach(() => {
    folder = new CliFolder();
  });
  afterEach(() => folder.remove());

  it('writes a folder and says which flags kube-apiserver needs; the second time it says what is there', async () => {
    const args = ['init', 'webhook', '--distro', 'k3s', '--out', 'k3s'];
    const first = await folder.run(args);
    expect(first.code, first.stderr).to.equal(0);
    expect(first.stdout).to.contain('audit-webhook-config-file=/var/lib/rancher/k3s/server/auditveil/audit-webhook.yaml');
    const second = await folder.run(args);
    expect(second.code).to.equal(0);
    expect(second.stdout).to.contain('Everything was there already');
  });

  it('refuses an address without a port, with exit code 2', async () => {
    const { code, stderr } = await folder.run(['init', 'webhook', '--server', '192.0.2.1', '--out', 'no']);
    expect(code).to.equal(2);
    expect(stderr).to.contain('192.0.2.10:8443');
  });

  it('says what to do where the folder cannot be written', async () => {
    const { code, stderr } = await folder.run(['init', 'file', '--out', '/dev/null/x']);
    expect(code).to.equal(1);
    expect(stderr).to.contain('--out');
  });
});
