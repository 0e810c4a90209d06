import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { DetailedPeerCertificate, SecureContextOptions, TLSSocket } from 'node:tls';
import { limits } from '../../core/limits.ts';
import { addressOf, listenOn } from '../../core/listen-on.ts';
import type { ClientCertificate } from './client-identity.ts';
import { type ConnectionBounds, ConnectionTable } from './connection-table.ts';
import type { Peer } from './receiver.ts';

export interface ListenerBounds extends ConnectionBounds {
  readonly headerMs: number;
  readonly keepAliveMs: number;
}

export interface ListenerOptions {
  /** `address:port`; port 0 takes a free one. An IPv6 address stands in brackets. */
  readonly listen: string;
  readonly bounds: ListenerBounds;
  /** Absent: plain HTTP. */
  readonly tls: SecureContextOptions | undefined;
  readonly asksCertificate: boolean;
  /** A connection ended without a request; with its address where a person should know. */
  readonly disconnected: (reason: string, address?: string) => void;
}

/** How long a silent socket is kept whatever it waits for: longer than any answer takes. */
const silentMs = 120_000;
/** Answers that are on their way at the end have this long. */
const lastAnswersMs = 1_000;
const headersAtMost = 64;

/** The server and its connections: TLS, timeouts and bounds. A certificate is asked for but judged by the request, so that its sender reads why. */
export class Listener {
  readonly server: Server | TlsServer;
  readonly #options: ListenerOptions;
  readonly #table: ConnectionTable;
  readonly #secure = new WeakSet<Socket>();
  readonly #malformed = new WeakSet<Socket>();
  #authority: SecureContextOptions['ca'];

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#table = new ConnectionTable(options.bounds);
    this.#authority = options.tls?.ca;
    this.server = this.#create();
    this.server.on('connection', (socket: Socket) => void this.#table.add(socket, (reason) => options.disconnected(reason)));
    this.server.on('secureConnection', (socket: TLSSocket) => this.#secured(socket));
    this.server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
      options.disconnected(handshakeProblem(error), socket.remoteAddress);
      socket.destroy();
    });
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      // node:https reports a failed handshake here as well.
      if (options.tls && !this.#secure.has(socket)) return;
      // What follows a malformed request on its connection is malformed too.
      if (this.#malformed.has(socket)) return;
      this.#malformed.add(socket);
      options.disconnected(requestProblem(error.code));
      endMalformed(error, socket);
    });
  }

  get connections(): number {
    return this.#table.count;
  }

  get address(): string {
    return addressOf(this.server) ?? this.#options.listen;
  }

  /** @throws Fault E_WEBHOOK_LISTEN */
  async start(): Promise<void> {
    const { listen, disconnected } = this.#options;
    const failed = (): void => disconnected('accept-failed');
    await listenOn(this.server, listen, { code: 'E_WEBHOOK_LISTEN', option: '`listen`', backlog: 1_024, failed });
  }

  peerOf(request: IncomingMessage): Peer {
    const connection = this.#table.of(request.socket);
    return {
      certificate: connection?.certificate,
      address: request.socket.remoteAddress ?? '',
      last: connection !== undefined && connection.generation !== this.#table.generation,
      prove: () => connection && this.#table.prove(connection),
    };
  }

  /**
   * Other certificates from the next handshake on; connections made under the old ones end with their next answer. Under another
   * client authority nothing more is taken on them: idle ones end now.
   */
  use(tls: SecureContextOptions): void {
    if (!('setSecureContext' in this.server)) return;
    this.server.setSecureContext(tls);
    this.#table.generation++;
    const isOther = String(tls.ca) !== String(this.#authority);
    this.#authority = tls.ca;
    if (isOther) this.server.closeIdleConnections();
  }

  stopAccepting(): void {
    if (this.server.listening) this.server.close();
    this.server.closeIdleConnections();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.#table.count === 0 && !this.server.listening) resolve();
      else this.server.once('close', () => resolve());
    });
    this.stopAccepting();
    const timer = setTimeout(() => this.server.closeAllConnections(), lastAnswersMs);
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 2 * lastAnswersMs).unref())]);
    clearTimeout(timer);
    this.server.closeAllConnections();
  }

  #create(): Server | TlsServer {
    const { bounds, tls, asksCertificate } = this.#options;
    const common = {
      maxHeaderSize: limits.webhookHeaderBytes,
      headersTimeout: bounds.headerMs,
      // Bodies are timed by their rate (request-body.ts): a large one takes as long as it takes.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(1_000, bounds.headerMs),
      keepAliveTimeout: bounds.keepAliveMs,
      noDelay: true,
    };
    const server = tls
      ? createTlsServer({
          ...common,
          ...tls,
          requestCert: asksCertificate,
          rejectUnauthorized: false,
          handshakeTimeout: bounds.headerMs,
        })
      : createServer(common);
    server.maxHeadersCount = headersAtMost;
    server.timeout = Math.max(silentMs, bounds.keepAliveMs);
    return server;
  }

  #secured(socket: TLSSocket): void {
    this.#secure.add(socket);
    const connection = this.#table.of(socket);
    if (connection && this.#options.asksCertificate) connection.certificate = certificateOf(socket);
  }
}

function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  const certificate = socket.getPeerCertificate() as Partial<DetailedPeerCertificate>;
  if (certificate.subject === undefined) return undefined;
  const common = certificate.subject.CN as string | readonly string[] | undefined;
  const alternative = (certificate.subjectaltname ?? '').split(', ').map((entry) => entry.replace(/^(?:DNS|URI|email):/, ''));
  return {
    authorized: socket.authorized,
    // Node keeps the code here, whatever its type says.
    error: socket.authorized ? undefined : String(socket.authorizationError),
    names: [...(common === undefined ? [] : [common].flat()), ...alternative].filter((name) => name !== ''),
    validToMs: Date.parse(certificate.valid_to ?? ''),
  };
}

function handshakeProblem(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNRESET') return 'handshake-ended-by-client';
  if (error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'handshake-timeout';
  if (error.code === 'ERR_SSL_HTTP_REQUEST') return 'plain-http-on-tls-port';
  if (/unknown_ca|bad_certificate|certificate_unknown|certificate_expired/i.test(error.code ?? ''))
    return 'client-does-not-trust-our-certificate';
  return 'handshake-failed';
}

function requestProblem(code: string | undefined): string {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'header-timeout';
  if (code === 'HPE_HEADER_OVERFLOW') return 'header-too-large';
  return code?.startsWith('HPE_') ? 'malformed-request' : 'connection-lost';
}

function endMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  if (error.code?.startsWith('HPE_') && socket.writable && socket.bytesWritten === 0)
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
  else socket.destroy();
}
