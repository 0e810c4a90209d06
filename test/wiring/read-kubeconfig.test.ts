import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { readKubeconfig } from '../../src/wiring/read-kubeconfig.ts';

describe('wiring/read-kubeconfig', () => {
  let folder: string;
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-kubeconfig-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('takes the current context, data before files, and files beside it', async () => {
    await write('ca.pem', 'authority');
    await write('token', 'a-token\n');
    const file = await write(
      'config',
      `apiVersion: v1
kind: Config
current-context: second
clusters:
  - { name: a, cluster: { server: "https://a.example.com" } }
  - { name: b, cluster: { server: "https://b.example.com:6443", certificate-authority: ca.pem, tls-server-name: kubernetes } }
users:
  - { name: u, user: { client-certificate-data: ${Buffer.from('certificate').toString('base64')}, client-certificate: none.pem, tokenFile: token } }
contexts:
  - { name: first, context: { cluster: a, user: u } }
  - { name: second, context: { cluster: b, user: u } }
`,
    );
    expect(await readKubeconfig(file)).to.deep.equal({
      server: 'https://b.example.com:6443',
      authority: 'authority',
      certificate: 'certificate',
      privateKey: undefined,
      token: 'a-token',
      serverName: 'kubernetes',
    });
  });

  const wrong = [
    '',
    'a: [',
    'kind: Config',
    'contexts: []\nclusters: []\n',
    '{"contexts":[{"name":"x","context":{"cluster":"y"}}],"clusters":[]}',
  ];
  for (const text of wrong) {
    it(`refuses ${JSON.stringify(text)}`, async () => {
      const fault = await readKubeconfig(await write('config', text)).catch((error: unknown) => error);
      expect((fault as Fault).code).to.equal('E_FILE_KUBECONFIG');
    });
  }

  it('names a file that is missing', async () => {
    const text =
      'contexts: [{ name: x, context: { cluster: y } }]\nclusters: [{ name: y, cluster: { server: "https://x", certificate-authority: gone.pem } }]\n';
    const fault = await readKubeconfig(await write('config', text)).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(Fault);
    expect((fault as Fault).message).to.contain('gone.pem');
  });
});
