import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { distros } from '../../src/wiring/distros.ts';
import { writeInitFiles } from '../../src/wiring/init-files.ts';
import { readKubeconfig } from '../../src/wiring/read-kubeconfig.ts';
import { renewFiles } from '../../src/wiring/renew-files.ts';

const dayMs = 86_400_000;

describe('wiring/renew-files', () => {
  let out: string;
  const read = (name: string): Promise<string> => readFile(join(out, name), 'utf8');
  const certificate = async (name: string): Promise<X509Certificate> => new X509Certificate(await read(name));
  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), 'auditveil-renew-'));
    const address = '192.0.2.10:8443';
    const now = new Date(Date.now() - 700 * dayMs);
    const common = { kind: 'webhook', distro: distros.generic, out, cluster: 'local', listen: address, force: false } as const;
    await writeInitFiles({ ...common, server: address, names: ['audit.example.com'], now });
  });
  afterEach(() => rm(out, { recursive: true }));

  it('makes certificates for the same names, signed by the same authority, that end later', async () => {
    const [authority, before, keys] = [await read('tls/ca.crt'), await certificate('tls/server.crt'), await read('keys.json')];
    await renewFiles({ out, names: ['new.example.com'], now: new Date() });
    const [server, client] = [await certificate('tls/server.crt'), await certificate('tls/client.crt')];
    expect(await read('tls/ca.crt')).to.equal(authority);
    expect(await read('keys.json')).to.equal(keys);
    for (const leaf of [server, client]) {
      expect(leaf.verify(new X509Certificate(authority).publicKey)).to.equal(true);
      expect(Date.parse(leaf.validTo) - Date.parse(before.validTo)).to.be.greaterThan(600 * dayMs);
    }
    for (const host of ['audit.example.com', 'new.example.com']) expect(server.checkHost(host)).to.equal(host);
    expect(server.checkIP('192.0.2.10')).to.equal('192.0.2.10');
    expect((await stat(join(out, 'tls/client.key'))).mode & 0o777).to.equal(0o600);
  });

  it('writes the kubeconfig that goes with them, for the same address', async () => {
    await renewFiles({ out, names: [], now: new Date() });
    const client = await readKubeconfig(join(out, 'audit-webhook.yaml'));
    expect(client.server).to.equal('https://192.0.2.10:8443/audit');
    expect(client.certificate).to.equal(await read('tls/client.crt'));
    expect(client.privateKey).to.equal(await read('tls/client.key'));
  });

  it('says what to do where the key of the authority is kept elsewhere, and changes nothing', async () => {
    const before = await read('tls/server.crt');
    await unlink(join(out, 'tls/ca.key'));
    const fault = await renewFiles({ out, names: [], now: new Date() }).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(Fault);
    expect((fault as Fault).code).to.equal('E_INIT_AUTHORITY');
    expect(await read('tls/server.crt')).to.equal(before);
  });
});
