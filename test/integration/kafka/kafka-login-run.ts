import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { kafkaConnectionOptions } from '../../../src/config/kafka-options.ts';
import { Fault } from '../../../src/core/faults.ts';
import { type CertifiedKey, makeCertificates, makeLeaves } from '../../../src/crypto/certificate-authority.ts';
import { openKafkaClient } from '../../../src/sinks/kafka/open-client.ts';
import { check, tell } from '../check.ts';
import { rights } from './kafka-rights.ts';
import { RealKafka } from './real-kafka.ts';

/**
 * TLS and logins against one real broker, each as the configuration says them: TLS with a server that is known, mutual TLS, and the
 * logins PLAIN, SCRAM and OAUTHBEARER (the broker's own unsecured tokens) over TLS. Whatever is wrong is said, with what helps. Then
 * what a user may do who has few rights.
 */
const user = 'agent';
const poorUser = 'poor';
const password = 'integration-kafka-password-1';
const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-kafka-login-'));
const file = (name: string, text: string): string => {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
};

interface Certificates {
  readonly caFile: string;
  readonly strangerFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Settings of the broker for each listener. */
  readonly settings: Readonly<Record<string, string>>;
}

const dayMs = 86_400_000;

async function certificates(): Promise<Certificates> {
  const request = {
    authorityName: 'kafka test authority',
    clientName: user,
    serverNames: ['127.0.0.1', 'localhost'],
    now: new Date(Date.now() - 10 * dayMs),
    authorityDays: 100,
    leafDays: 90,
  };
  const made = await makeCertificates(request);
  const other = await makeLeaves(made.authority, { ...request, serverNames: ['kafka.example.com'] });
  const expired = await makeLeaves(made.authority, { ...request, leafDays: 5 });
  const stranger = await makeCertificates(request);
  const caFile = file('ca.pem', made.authority.certificate);
  const pair = ({ certificate, privateKey }: CertifiedKey): string => `${certificate}${privateKey}`;
  const store = (listener: string, key: CertifiedKey): Readonly<Record<string, string>> => ({
    [`listener.name.${listener}.ssl.keystore.type`]: 'PEM',
    [`listener.name.${listener}.ssl.keystore.location`]: file(`${listener}.pem`, pair(key)),
    [`listener.name.${listener}.ssl.truststore.type`]: 'PEM',
    [`listener.name.${listener}.ssl.truststore.location`]: caFile,
  });
  return {
    caFile,
    strangerFile: file('stranger.pem', stranger.authority.certificate),
    certFile: file('client-cert.pem', made.client.certificate),
    keyFile: file('client-key.pem', made.client.privateKey),
    settings: {
      ...store('tls', made.server),
      ...store('mutual', made.server),
      'listener.name.mutual.ssl.client.auth': 'required',
      ...store('other', other.server),
      ...store('expired', expired.server),
      ...store('login', made.server),
    },
  };
}

const jaas = 'org.apache.kafka.common.security';
const login = (mechanism: string, module: string): Readonly<Record<string, string>> => ({
  [`listener.name.login.${mechanism}.sasl.jaas.config`]: `${jaas}.${module} required;`,
});
const loginSettings: Readonly<Record<string, string>> = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
  'listener.name.login.plain.sasl.jaas.config': `${jaas}.plain.PlainLoginModule required user_${user}="${password}" user_${poorUser}="${password}";`,
  ...login('scram-sha-256', 'scram.ScramLoginModule'),
  ...login('scram-sha-512', 'scram.ScramLoginModule'),
  'listener.name.login.oauthbearer.sasl.jaas.config': `${jaas}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="${user}";`,
};

const schema = z.strictObject(kafkaConnectionOptions);

/** What a client says that has these options: `ok`, or the code and remedy of its fault. */
async function said(brokers: readonly string[], options: object): Promise<string> {
  try {
    const client = await openKafkaClient(
      schema.parse({ brokers, connectTimeoutMs: 5_000, requestTimeoutMs: 10_000, ...options }),
    );
    const { partitions } = await client.describe('events');
    const producer = client.producer({ compression: 'gzip', idempotent: true });
    await producer.send('events', 0, [{ key: null, value: Buffer.from('x') }]);
    await producer.close();
    return partitions === 1 ? 'ok' : `${partitions} partitions`;
  } catch (error) {
    if (!(error instanceof Fault)) return String(error);
    return `${error.code}: ${error.message}. ${error.remedy}`;
  }
}

async function expectSaid(what: string, brokers: readonly string[], options: object, ...parts: readonly string[]): Promise<void> {
  const text = await said(brokers, options);
  check(parts.every((part) => text.includes(part)) && !text.includes(password), `${what}: ${text}`);
}

const token = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const tokenFor = (seconds: number): string => {
  const now = Math.floor(Date.now() / 1000);
  return `${token({ alg: 'none' })}.${token({ sub: user, iat: now - 3600, exp: now + seconds })}.`;
};

async function tls(kafka: RealKafka, { caFile, strangerFile, certFile, keyFile }: Certificates): Promise<void> {
  const known = { tls: { caFile } };
  const at = (name: string): readonly string[] => kafka.addressesOf(name);
  await expectSaid('TLS', at('TLS'), known, 'ok');
  await expectSaid('TLS with another authority', at('TLS'), { tls: { caFile: strangerFile } }, 'E_KAFKA_TLS', 'caFile');
  await expectSaid('TLS with the authorities of the system', at('TLS'), { tls: {} }, 'E_KAFKA_TLS', 'caFile');
  await expectSaid('a certificate that has expired', at('EXPIRED'), known, 'E_KAFKA_TLS', 'expired');
  await expectSaid('a certificate for another name', at('OTHER'), known, 'E_KAFKA_TLS', 'serverName');
  await expectSaid('and with that name', at('OTHER'), { tls: { caFile, serverName: 'kafka.example.com' } }, 'ok');
  await expectSaid('mutual TLS', at('MUTUAL'), { tls: { caFile, certFile, keyFile } }, 'ok');
  await expectSaid('mutual TLS without a certificate', at('MUTUAL'), known, 'E_KAFKA_TLS', 'certFile');
  await expectSaid('TLS where none is spoken', kafka.addresses, known, 'E_KAFKA_', '`tls`');
  await expectSaid('no TLS where it is spoken', at('TLS'), {}, 'E_KAFKA_', '`tls`');
}

async function logins(kafka: RealKafka, { caFile }: Certificates): Promise<void> {
  const brokers = kafka.addressesOf('LOGIN');
  const as = (sasl: object): object => ({ tls: { caFile }, sasl });
  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
    await expectSaid(mechanism, brokers, as({ mechanism, username: user, password }), 'ok');
    const wrong = as({ mechanism, username: user, password: 'something-else' });
    await expectSaid(`${mechanism} with a wrong password`, brokers, wrong, 'E_KAFKA_LOGIN', 'password');
    const nobody = as({ mechanism, username: 'nobody', password });
    await expectSaid(`${mechanism} with an unknown user`, brokers, nobody, 'E_KAFKA_LOGIN', '`sasl`');
  }
  const bearer = (text: string): object => as({ mechanism: 'oauthbearer', tokenFile: file('token', text) });
  await expectSaid('oauthbearer', brokers, bearer(tokenFor(600)), 'ok');
  await expectSaid('oauthbearer with a token that has expired', brokers, bearer(tokenFor(-600)), 'E_KAFKA_LOGIN', 'token');
  await expectSaid('oauthbearer with no token', brokers, bearer('nothing\n'), 'E_KAFKA_LOGIN', 'token');
  await expectSaid('no login where one is asked for', brokers, { tls: { caFile } }, 'E_KAFKA_', '`sasl`');
}

const made = await certificates();
const names = ['TLS', 'MUTUAL', 'OTHER', 'EXPIRED'];
const kafka = new RealKafka(path.join(folder, 'kafka'), {
  listeners: [...names, 'LOGIN'],
  scramUsers: { [user]: password },
  settings: {
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_SSL,${names.map((name) => `${name}:SSL`).join()}`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': ['ANONYMOUS', user, `CN=${user}`].map((name) => `User:${name}`).join(';'),
    ...made.settings,
    ...loginSettings,
  },
});

async function story(): Promise<void> {
  await kafka.start();
  await kafka.createTopic('events', 1);
  await tls(kafka, made);
  await logins(kafka, made);
  const sasl = { mechanism: 'plain', username: poorUser, password };
  const options = { brokers: kafka.addressesOf('LOGIN'), tls: { caFile: made.caFile }, sasl };
  await rights(kafka, await openKafkaClient(schema.parse(options)), poorUser);
}

await tell(story, async () => {
  await kafka.stop();
  rmSync(folder, { recursive: true, force: true });
});
