import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { distros } from '../../src/wiring/distros.ts';
import { hostOf, type InitRequest, writeInitFiles } from '../../src/wiring/init-files.ts';

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }];
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }];
}

describe('wiring/init-files', () => {
  let out: string;
  const request = (more: Partial<InitRequest> = {}): InitRequest => ({
    kind: 'webhook',
    distro: distros.kubeadm,
    out,
    cluster: 'local',
    server: '192.0.2.10:8443',
    listen: '192.0.2.10:8443',
    names: ['audit.example.com'],
    force: false,
    now: new Date(),
    ...more,
  });
  const read = (name: string): Promise<string> => readFile(join(out, name), 'utf8');

  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), 'auditveil-init-'));
  });
  afterEach(() => rm(out, { recursive: true }));

  it('writes a kubeconfig that carries the authority and the client certificate', async () => {
    await writeInitFiles(request());
    const { clusters, users } = parse(await read('audit-webhook.yaml')) as Kubeconfig;
    expect(clusters[0].cluster.server).to.equal('https://192.0.2.10:8443/audit');
    const decoded = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString();
    expect(decoded(clusters[0].cluster['certificate-authority-data'])).to.equal(await read('tls/ca.crt'));
    expect(decoded(users[0].user['client-certificate-data'])).to.equal(await read('tls/client.crt'));
    expect(decoded(users[0].user['client-key-data'])).to.equal(await read('tls/client.key'));
  });

  it('names the receiver in its certificate by the address kube-apiserver uses, and by every --name', async () => {
    await writeInitFiles(request());
    const server = new X509Certificate(await read('tls/server.crt'));
    expect(server.checkIP('192.0.2.10')).to.equal('192.0.2.10');
    expect(server.checkHost('audit.example.com')).to.equal('audit.example.com');
  });

  it('lets nobody but the owner read what holds a private key', async () => {
    const files = await writeInitFiles(request());
    for (const { name } of files.filter((file) => /\.key$|keys\.json|webhook\.yaml/.test(file.name)))
      expect((await stat(join(out, name))).mode & 0o777, name).to.equal(0o600);
    expect((await readdir(out)).filter((name) => !files.some((file) => file.name.startsWith(name)))).to.deep.equal([]);
  });

  it('keeps everything the second time', async () => {
    await writeInitFiles(request());
    const before = await read('tls/server.crt');
    const files = await writeInitFiles(request());
    expect(files.every(({ state }) => state === 'kept')).to.equal(true);
    expect(await read('tls/server.crt')).to.equal(before);
  });

  it('makes certificates anew when forced, and never the key for pseudonyms', async () => {
    await writeInitFiles(request());
    const [certificate, keys] = [await read('tls/server.crt'), await read('keys.json')];
    await writeInitFiles(request({ force: true }));
    expect(await read('tls/server.crt')).not.to.equal(certificate);
    expect(await read('keys.json')).to.equal(keys);
  });

  it('refuses a folder that holds a part of the certificates, and changes nothing there', async () => {
    await writeInitFiles(request());
    await unlink(join(out, 'tls/client.key'));
    const fault = await writeInitFiles(request()).catch((error: unknown) => error);
    expect(fault).to.have.property('code', 'E_INIT_PARTIAL');
    expect((fault as Error).message).to.contain('tls/client.key');
  });

  it('needs no certificates for a file', async () => {
    const files = await writeInitFiles(request({ kind: 'file' }));
    expect(files.map(({ name }) => name)).to.deep.equal(['config.yaml', 'audit-policy.yaml', 'keys.json']);
    expect(await read('config.yaml')).to.contain(distros.kubeadm.auditLog);
  });

  it('reads the host of an address with a port', () => {
    expect([hostOf('192.0.2.1:8443'), hostOf('[2001:db8::1]:8443')]).to.deep.equal(['192.0.2.1', '2001:db8::1']);
  });
});
