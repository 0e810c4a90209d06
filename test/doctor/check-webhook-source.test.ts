import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { CheckResult } from '../../src/doctor/check-result.ts';
import { checkWebhookSource } from '../../src/doctor/check-webhook-source.ts';
import { DoctorFolder, having } from './doctor-folder.ts';

const dayMs = 86_400_000;

describe('doctor/check-webhook-source', () => {
  let folder: DoctorFolder;
  beforeEach(async () => {
    folder = new DoctorFolder();
    await folder.init();
  });
  afterEach(() => folder.remove());

  async function look(nowMs = Date.now()): Promise<readonly CheckResult[]> {
    const source = (await folder.config()).sources[0];
    if (source?.type !== 'webhook') throw new Error('no webhook');
    return checkWebhookSource(source, { kubeconfig: folder.file('audit-webhook.yaml'), nowMs, renew: 'init --renew' });
  }

  it('says that certificates end, and how they are renewed', async () => {
    const soon = await look(Date.now() + 710 * dayMs);
    having(soon, 'warning', 'certificate of the receiver for 127.0.0.1');
    expect(soon.find(({ what }) => what.includes('certificate of the receiver'))?.remedy).to.equal('init --renew');
    having(await look(Date.now() + 740 * dayMs), 'failed', 'certificate of the receiver: ended on');
    having(await look(Date.now() - dayMs), 'failed', 'certificate of the receiver: not valid before');
  });

  const mismatches: readonly (readonly [string, string, string, string, string])[] = [
    ['a name', 'audit-webhook.yaml', '127.0.0.1:9', 'www.example.com:9', 'is not for www.example.com'],
    ['a path', 'config.yaml', 'path: /audit', 'path: /other', 'the receiver takes /other'],
    ['plain http', 'audit-webhook.yaml', 'https://', 'http://', 'sends over http'],
    ['a client name', 'config.yaml', '[kube-apiserver]', '[another]', 'not in allowedNames'],
    ['a token', 'config.yaml', '    path: /audit', '    path: /audit\n    tokenFiles: [token]', 'a token is asked for'],
  ];
  for (const [what, name, from, to, expected] of mismatches) {
    it(`sees where both sides disagree about ${what}`, async () => {
      folder.write('token', 'a-token-of-16-characters\n');
      folder.replace(name, from, to);
      having(await look(), 'failed', expected);
    });
  }

  it('sees a kubeconfig of other certificates than the receiver has', async () => {
    const older = readFileSync(folder.file('audit-webhook.yaml'), 'utf8');
    await folder.init();
    folder.write('audit-webhook.yaml', older);
    const results = await look();
    having(results, 'failed', 'the authority in the kubeconfig did not sign');
    having(results, 'failed', 'client authority did not sign');
  });

  it('asks a receiver without TLS as well', async () => {
    const source = (await folder.config()).sources[0];
    if (source?.type !== 'webhook') throw new Error('no webhook');
    folder.replace('audit-webhook.yaml', 'https://', 'http://');
    const asked = { kubeconfig: folder.file('audit-webhook.yaml'), nowMs: Date.now(), renew: '' };
    const results = await checkWebhookSource({ ...source, tls: undefined }, asked);
    having(results, 'warning', 'nothing listens at 127.0.0.1:9');
    expect(results.filter(({ state }) => state === 'failed')).to.deep.equal([]);
  });

  it('does not show what an answer says: it may repeat what was sent', async () => {
    const source = (await folder.config()).sources[0];
    if (source?.type !== 'webhook') throw new Error('no webhook');
    const server = createServer((request, response) => {
      response.statusCode = 400;
      response.end(`bad header ${request.headers.authorization} ${request.headers['content-type']}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    folder.replace('audit-webhook.yaml', 'https://127.0.0.1:9', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const asked = { kubeconfig: folder.file('audit-webhook.yaml'), nowMs: Date.now(), renew: '' };
    const results = await checkWebhookSource({ ...source, tls: undefined }, asked);
    server.close();
    having(results, 'failed', 'answers 400');
    expect(JSON.stringify(results)).to.not.contain('bad header');
  });

  it('sees a key that does not belong to its certificate', async () => {
    folder.write('tls/server.key', readFileSync(folder.file('tls/client.key'), 'utf8'));
    having(await look(), 'failed', 'not usable for TLS');
  });
});
