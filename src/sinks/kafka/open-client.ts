import type { KafkaConnectionConfig } from '../../config/kafka-options.ts';
import { Fault } from '../../core/faults.ts';
import { Secret } from '../../core/secret.ts';
import type { KafkaConnection, SaslLogin } from '../../kafka/connection.ts';
import type { KafkaClient } from '../../kafka/kafka-client.ts';
import { readSecret } from '../shared/read-secret.ts';
import { readTls } from '../shared/read-tls.ts';

/** A client with the certificates and passwords that the files hold now. @throws Fault E_FILE_READ, E_SINK_TLS, E_SINK_SECRET, E_KAFKA_LOGIN */
export async function openKafkaClient(config: KafkaConnectionConfig): Promise<KafkaClient> {
  const { brokers, clientId, tls, sasl, connectTimeoutMs, requestTimeoutMs } = config;
  const connection: KafkaConnection = {
    ...{ brokers, clientId, connectTimeoutMs, requestTimeoutMs },
    ...(tls && { tls: await readTls(tls) }),
    ...(sasl && { sasl: await loginOf(sasl) }),
  };
  const { KafkajsClient } = await import('../../kafka/kafkajs-client.ts');
  return new KafkajsClient(connection);
}

async function loginOf(sasl: NonNullable<KafkaConnectionConfig['sasl']>): Promise<SaslLogin> {
  if (sasl.mechanism === 'oauthbearer') {
    const { tokenFile } = sasl;
    await readSecret(undefined, tokenFile);
    return {
      mechanism: 'oauthbearer',
      token: async () => (await readSecret(undefined, tokenFile)) ?? new Secret(new Uint8Array()),
    };
  }
  const { mechanism, username } = sasl;
  const password = await readSecret(sasl.password, sasl.passwordFile);
  if (password) return { mechanism, username, password };
  throw new Fault('the login to Kafka has no password', {
    code: 'E_KAFKA_LOGIN',
    remedy: 'Set `sasl.password` or `sasl.passwordFile`.',
  });
}
