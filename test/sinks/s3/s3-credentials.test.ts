import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../../src/core/faults.ts';
import { Secret } from '../../../src/core/secret.ts';
import { readCredentials } from '../../../src/sinks/s3/s3-credentials.ts';
import type { S3Answer, S3Request } from '../../../src/sinks/s3/s3-requests.ts';
import { assumeRole, type RoleRequest } from '../../../src/sinks/s3/web-identity.ts';

const secret = (text: string) => new Secret(Buffer.from(text));
const nobody = () => Promise.reject(new Error('asked for a role'));
const caught = (action: Promise<unknown>) =>
  action.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('sinks/s3 credentials', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-s3-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('come from the options or their files, then from the variables', async () => {
    const file = join(folder, 'key');
    await writeFile(file, ' from-file\n');
    const env = { AWS_ACCESS_KEY_ID: 'env', AWS_SECRET_ACCESS_KEY: 'env-secret', AWS_SESSION_TOKEN: 'env-token' };
    expect(await readCredentials({ accessKeyId: secret('id'), secretAccessKeyFile: file }, env, nobody)).to.deep.equal({
      accessKeyId: 'id',
      secretAccessKey: 'from-file',
      sessionToken: undefined,
    });
    expect(await readCredentials({}, env, nobody)).to.deep.equal({
      accessKeyId: 'env',
      secretAccessKey: 'env-secret',
      sessionToken: 'env-token',
    });
  });

  it('come from the role of the service account where there are no keys', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'the-token\n');
    let asked: RoleRequest | undefined;
    await readCredentials({}, { AWS_ROLE_ARN: 'arn:role', AWS_WEB_IDENTITY_TOKEN_FILE: file }, (request) => {
      asked = request;
      return Promise.resolve({ accessKeyId: 'a', secretAccessKey: 'b' });
    });
    expect(asked).to.deep.equal({ role: 'arn:role', sessionName: 'auditveil', token: 'the-token' });
  });

  it('are asked for where there are none', async () => {
    expect(await caught(readCredentials({}, {}, nobody)))
      .to.be.instanceOf(Fault)
      .with.property('remedy')
      .that.contains('accessKeyId');
    const missing = await caught(
      readCredentials({}, { AWS_ROLE_ARN: 'r', AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'none') }, nobody),
    );
    expect(missing).to.be.instanceOf(Fault).with.property('code', 'E_FILE_READ');
  });

  it('of a role are what the service gives, with their end', async () => {
    let sent: S3Request | undefined;
    const answering = (status: number, body: string) => (request: S3Request) => {
      sent = request;
      return Promise.resolve<S3Answer>({ status, body, header: () => undefined });
    };
    const given =
      '<R><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s/k</SecretAccessKey><SessionToken>t+o=</SessionToken><Expiration>2026-05-04T11:00:00Z</Expiration></Credentials></R>';
    const signal = new AbortController().signal;
    const request = { role: 'arn:aws:iam::1:role/a', sessionName: 'x', token: 'planted-token' };
    expect(await assumeRole(request, 'eu-west-1', answering(200, given), signal)).to.deep.equal({
      accessKeyId: 'ASIA1',
      secretAccessKey: 's/k',
      sessionToken: 't+o=',
      expiresAtMs: Date.UTC(2026, 4, 4, 11),
    });
    expect(sent?.url).to.equal('https://sts.eu-west-1.amazonaws.com/');
    expect(Buffer.from(sent!.body!).toString())
      .to.contain('Action=AssumeRoleWithWebIdentity&')
      .and.to.contain('WebIdentityToken=planted-token');
    const refused = await caught(
      assumeRole(request, 'eu-west-1', answering(403, '<Code>AccessDenied</Code><Message>planted-token</Message>'), signal),
    );
    expect(refused).to.be.instanceOf(Fault).with.property('message', 'the security token service answered 403 AccessDenied');
  });
});
