import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import type { CertifiedKey } from '../../../src/crypto/certificate-authority.ts';
import { type Identity, identities, tokenOf } from './identities.ts';
import { type Certificate, clients, type Step } from './step.ts';

/** Those who come without a token. */
const nameless: ReadonlySet<Identity> = new Set(['anonymous', 'outsider', 'stranger', 'passerby']);

export interface Made {
  /** Status of the last repetition; 0 where there was no answer. */
  readonly status: number;
  readonly body: string;
  readonly auditIds: readonly string[];
}

/** Makes the requests of steps: each from the loopback address of its identity, and with an Audit-ID by which its events are known. */
export class CampaignClient {
  readonly #port: number;
  /** Names in bodies that stand for what the cluster gave out. */
  readonly #given = new Map<string, string>();
  readonly #tokens = new Map<Identity, string>();
  readonly #certificates = new Map<Certificate, CertifiedKey>();

  constructor(port: number) {
    this.#port = port;
  }

  async make(step: Step): Promise<Made> {
    const auditIds: string[] = [];
    let last = { status: 0, body: '' };
    for (let n = 0; n < (step.times ?? 1); n++) {
      const auditId = randomUUID();
      auditIds.push(auditId);
      last = await this.#send(step, n, auditId);
    }
    return { ...last, auditIds };
  }

  /** From now on `name` in a body (with its quotes where the value is a number) is that value. */
  learn(name: string, value: string | number): void {
    this.#given.set(typeof value === 'number' ? `"${name}"` : name, `${value}`);
  }

  /** From now on `name` in a body is the uid of an object. */
  async learnUid(name: string, path: string): Promise<void> {
    const { body } = await this.make({ what: name, who: 'root', path });
    this.learn(name, (JSON.parse(body) as { metadata: { uid: string } }).metadata.uid);
  }

  learnCertificate(name: Certificate, certificate: CertifiedKey): void {
    this.#certificates.set(name, certificate);
  }

  /** From now on the identity shows the token in the body of this answer. */
  learnToken(who: Identity, { body }: Made): void {
    this.#tokens.set(who, (JSON.parse(body) as { status: { token: string } }).status.token);
  }

  #text(body: object | undefined, n: number): string | undefined {
    if (body === undefined) return undefined;
    let text = JSON.stringify(body).replaceAll('{n}', `${n}`);
    for (const [name, value] of this.#given) text = text.replaceAll(name, value);
    return text;
  }

  #certificateOf({ certificate }: Step): { readonly key?: string; readonly cert?: string } {
    const found = certificate && this.#certificates.get(certificate);
    return found ? { key: found.privateKey, cert: found.certificate } : {};
  }

  #tokenOf({ who, token, certificate }: Step, n: number): string | undefined {
    if (token !== undefined) return token.replaceAll('{n}', `${n}`);
    if (certificate !== undefined || nameless.has(who)) return undefined;
    return this.#tokens.get(who) ?? tokenOf(who);
  }

  #send(step: Step, n: number, auditId: string): Promise<{ status: number; body: string }> {
    const text = this.#text(step.body, n);
    return new Promise((resolve) => {
      const none = (): void => resolve({ status: 0, body: '' });
      const sent = request({
        host: '127.0.0.1',
        port: this.#port,
        localAddress: step.from ?? identities[step.who].from,
        path: step.path.replaceAll('{n}', `${n}`),
        method: step.method ?? 'GET',
        agent: false,
        // Its certificate is made at its first start; loopback only.
        rejectUnauthorized: false,
        ...this.#certificateOf(step),
        headers: headersOf(step, auditId, text, this.#tokenOf(step, n)),
      });
      sent.on('upgrade', (_response, socket) => {
        socket.destroy();
        resolve({ status: 101, body: '' });
      });
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        const done = (): void => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', done).on('error', done);
        if (step.isStream === true) setTimeout(() => response.destroy(), 150).unref();
        response.on('close', done);
      });
      sent.on('error', none);
      sent.setTimeout(20_000, () => sent.destroy());
      sent.end(text);
    });
  }
}

function headersOf(step: Step, auditId: string, body: string | undefined, token: string | undefined): Record<string, string> {
  return {
    'user-agent': step.client ?? clients.kubectl,
    'audit-id': auditId,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && {
      'content-type': step.contentType ?? 'application/json',
      'content-length': `${Buffer.byteLength(body)}`,
    }),
    ...(step.upgrade === true && {
      connection: 'Upgrade',
      upgrade: 'SPDY/3.1',
      'x-stream-protocol-version': 'v4.channel.k8s.io',
    }),
    ...step.headers,
  };
}
