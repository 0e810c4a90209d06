import { Fault } from '../core/faults.ts';
import { type TlsTrouble, tlsTrouble } from '../core/tls-trouble.ts';

interface Kind {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
}

const kind = (code: string, message: string, remedy: string, retryable = true): Kind => ({ code, message, remedy, retryable });

const unreachable = kind(
  'E_KAFKA_UNREACHABLE',
  'no Kafka broker can be reached',
  'Check `brokers`, the network between, and whether the brokers speak TLS there (`tls`) and want a login (`sasl`).',
);
const request = kind('E_KAFKA_REQUEST', 'Kafka refused a request', 'Look at the log of the broker.');

/** By the name that the Kafka protocol gives an error, or the client library its error class. Source: Kafka protocol guide, error codes. */
const kinds: Readonly<Record<string, Kind>> = {
  MESSAGE_TOO_LARGE: tooLarge('the broker'),
  RECORD_LIST_TOO_LARGE: tooLarge('the broker'),
  UNKNOWN_TOPIC_OR_PARTITION: kind(
    'E_KAFKA_TOPIC',
    'the topic does not exist, or may not be seen',
    'Create it, or grant Describe on it.',
  ),
  NOT_ENOUGH_REPLICAS: replicas(),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: replicas(),
  TOPIC_AUTHORIZATION_FAILED: kind(
    'E_KAFKA_DENIED',
    'access to the topic is denied',
    'Grant Write or Read, and Describe, on it to this user.',
  ),
  GROUP_AUTHORIZATION_FAILED: kind('E_KAFKA_DENIED', 'access to the consumer group is denied', 'Grant Read on it to this user.'),
  CLUSTER_AUTHORIZATION_FAILED: kind(
    'E_KAFKA_DENIED',
    'access to the cluster is denied',
    'Grant IdempotentWrite, or leave `idempotent` off.',
  ),
  SASL_AUTHENTICATION_FAILED: login(),
  UNSUPPORTED_SASL_MECHANISM: login(),
  // What is left of a refused token: the library asks once more on the same connection.
  ILLEGAL_SASL_STATE: login(),
  KafkaJSSASLAuthenticationError: login(),
  KafkaJSConnectionError: unreachable,
  KafkaJSConnectionClosedError: unreachable,
  KafkaJSBrokerNotFound: unreachable,
  KafkaJSNoBrokerAvailableError: unreachable,
  KafkaJSRequestTimeoutError: kind('E_KAFKA_TIMEOUT', 'a Kafka broker did not answer in time', 'Look at its load and its log.'),
  REQUEST_TIMED_OUT: kind(
    'E_KAFKA_TIMEOUT',
    'the replicas did not have the data in time',
    'Look at the load and the log of the brokers.',
  ),
  UNSUPPORTED_COMPRESSION_TYPE: kind(
    'E_KAFKA_COMPRESSION',
    'the topic takes no such compression',
    'Choose another `compression`.',
    false,
  ),
};

function tooLarge(who: string): Kind {
  const remedy = 'Raise max.message.bytes of the topic, or leave out what makes events large in the audit policy.';
  return kind('E_KAFKA_TOO_LARGE', `a message is larger than ${who} takes`, remedy, false);
}

function replicas(): Kind {
  return kind('E_KAFKA_REPLICAS', 'too few replicas are in sync', 'Bring the missing brokers back; nothing is lost meanwhile.');
}

function login(): Kind {
  return kind('E_KAFKA_LOGIN', 'the brokers refuse this login', 'Check `sasl`: mechanism, user name and password or token.');
}

/** An error of the client library in our own words. What a broker wrote is not quoted: only the protocol's name of the error. */
export function kafkaFault(cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const trouble = tlsOf(cause);
  if (trouble) return new Fault(trouble.what, { code: 'E_KAFKA_TLS', remedy: trouble.remedy, retryable: true, cause });
  const names = namesOf(cause);
  const found = names.map((name) => kinds[name]).find((one) => one !== undefined) ?? request;
  const type = names.find((name) => /^[A-Z_]{4,60}$/.test(name));
  const { code, message, remedy, retryable } = found;
  return new Fault(type === undefined ? message : `${message} (${type})`, { code, remedy, retryable, cause });
}

/** An error and its causes, the outermost first. */
function* chain(error: unknown): Generator<Error & { readonly type?: unknown; readonly code?: unknown }> {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) yield at;
}

/** What an error and its causes are called. */
const namesOf = (error: unknown): readonly string[] =>
  [...chain(error)].flatMap(({ type, name }) => (typeof type === 'string' ? [type, name] : [name]));

/** What Node.js said of TLS, where the connection failed for that. */
function tlsOf(error: unknown): TlsTrouble | undefined {
  for (const { code } of chain(error)) {
    const trouble = typeof code === 'string' ? tlsTrouble(code) : undefined;
    if (trouble) return trouble;
  }
  return undefined;
}
