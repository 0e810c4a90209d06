import type { ConnectionOptions } from 'node:tls';
import type { Secret } from '../core/secret.ts';

/** How this program shows itself to brokers that ask. Passwords and tokens are read when a connection is made. */
export type SaslLogin =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: Secret;
    }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<Secret> };

export interface KafkaConnection {
  /** `host:port` of some of the brokers; they name the others. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Absent: no TLS. */
  readonly tls?: ConnectionOptions;
  readonly sasl?: SaslLogin;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}
