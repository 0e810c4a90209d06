import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { hostOf } from '../config/loopback.ts';
import type { WebConfig } from '../config/web-schema.ts';
import { limits } from '../core/limits.ts';
import { listenOn } from '../core/listen-on.ts';
import type { WebReadings } from '../telemetry/readings.ts';
import { Access, checkRole } from './access.ts';
import { allRoutes } from './all-routes.ts';
import { answerError, answerFile, answerJson, answerPlainPage, setSecurityHeaders } from './answer.ts';
import { ApiFault } from './api-fault.ts';
import { FindingsView } from './findings-view.ts';
import { followFindings } from './follow-findings.ts';
import { GapCounts } from './gap-counts.ts';
import { checkHost } from './host-check.ts';
import { LoginGuard } from './login-guard.ts';
import { OwnAudit } from './own-audit.ts';
import { Questions } from './questions.ts';
import { readBody } from './read-body.ts';
import { RequestCounts } from './request-counts.ts';
import { type MatchedRoute, type Route, Router } from './router.ts';
import type { WebContext } from './routes/web-context.ts';
import { SelfQuestions } from './self-questions.ts';
import { type Person, Sessions } from './sessions.ts';
import type { StaticFiles } from './static-files.ts';
import { StatusSource } from './status-source.ts';
import { StreamTable } from './stream-table.ts';
import type { WebPorts } from './web-ports.ts';
import { webReadings } from './web-readings.ts';
import { WriterWatch } from './writer-watch.ts';

export interface WebServerOptions {
  readonly config: WebConfig;
  readonly ports: WebPorts;
  readonly tls: SecureContextOptions | undefined;
  /** The page. */
  readonly files: StaticFiles;
  /** How long a stream may take nothing; absent: `limits.webStalledMs`. */
  readonly stalledMs?: number | undefined;
}

const apiRoot = '/api/v1';

/** The API and the page, over one data folder. It only reads, and leaves notes. */
export class WebServer {
  readonly counts = new RequestCounts();
  readonly #options: WebServerOptions;
  readonly #server: Server;
  readonly #sessions: Sessions;
  readonly #guard: LoginGuard;
  readonly #streams: StreamTable;
  readonly #view: FindingsView;
  readonly #over = new AbortController();
  #following: Promise<void> = Promise.resolve();
  readonly #audit: OwnAudit;
  readonly #questions = new Questions();
  #routes: readonly Route[] = [];
  #router: Router | undefined;
  #access: Access | undefined;

  constructor(options: WebServerOptions) {
    const { config, ports, tls } = options;
    this.#options = options;
    this.#sessions = new Sessions(ports.clock);
    this.#streams = new StreamTable(options.stalledMs ?? limits.webStalledMs);
    this.#guard = new LoginGuard(ports.clock);
    this.#audit = new OwnAudit(ports, this.#guard);
    this.#view = new FindingsView(ports.clock, config.findings);
    const common = {
      maxHeaderSize: limits.webHeaderBytes,
      headersTimeout: limits.webHeaderMs,
      requestTimeout: limits.webRequestMs,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: limits.webKeepAliveMs,
      noDelay: true,
    };
    const listener = (request: IncomingMessage, response: ServerResponse): void => void this.#answer(request, response);
    this.#server = tls
      ? createTlsServer({ ...common, ...tls, handshakeTimeout: limits.webHeaderMs }, listener)
      : createServer(common, listener);
    this.#server.maxConnections = limits.webConnections;
    this.#server.maxHeadersCount = 64;
    this.#server.on('drop', () => this.counts.dropped());
  }

  get view(): FindingsView {
    return this.#view;
  }

  get guard(): LoginGuard {
    return this.#guard;
  }

  get audit(): OwnAudit {
    return this.#audit;
  }

  /** Every call there is. */
  get routes(): readonly Route[] {
    return this.#routes;
  }

  /** What is measured. */
  get readings(): WebReadings {
    return webReadings({
      ...{ counts: this.counts, sessions: this.#sessions, guard: this.#guard, streams: this.#streams },
      ...{ view: this.#view, questions: this.#questions },
    });
  }

  /** Listens, and begins to read the findings log. @returns the URL @throws Fault E_WEB_LISTEN */
  async start(): Promise<string> {
    const { config, ports, tls } = this.#options;
    const port = await this.#listen();
    let read = (): void => undefined;
    const whenRead = new Promise<void>((resolve) => {
      read = resolve;
    });
    const loaded = whenRead.then(async () => {
      for (const note of await ports.waiting()) this.#view.overlay(note);
    });
    this.#access = new Access({
      ...{ tokens: config.tokens, sessions: this.#sessions, guard: this.#guard, port, redeem: ports.redeem },
      isTls: tls !== undefined,
    });
    const context: WebContext = {
      ...{ ports, access: this.#access, view: this.#view, loaded, streams: this.#streams },
      ...{ questions: this.#questions, audit: this.#audit, self: new SelfQuestions(ports, this.#over.signal) },
      status: this.#statusSource(),
    };
    this.#routes = allRoutes(context);
    this.#router = new Router(this.#routes);
    this.#following = followFindings(`${ports.dataDirectory}/findings`, this.#view, read, this.#over.signal).catch(() => {
      read();
      ports.notice('web: the findings log cannot be read any more; restart to try again');
    });
    return `${tls ? 'https' : 'http'}://${hostOf(config.listen) || 'localhost'}:${port}`;
  }

  /** A URL that logs a person in once. */
  link(url: string, person: Person): string {
    return `${url}/#token=${this.#sessions.link(person)}`;
  }

  async close(): Promise<void> {
    this.#over.abort();
    this.#streams.endAll();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
    await this.#following;
    await this.#audit.close();
  }

  #statusSource(): StatusSource {
    const { clock, live, dataDirectory } = this.#options.ports;
    return new StatusSource(clock, live, new GapCounts(this.#view, clock), new WriterWatch(dataDirectory, clock));
  }

  async #listen(): Promise<number> {
    const address = await listenOn(this.#server, this.#options.config.listen, {
      code: 'E_WEB_LISTEN',
      option: '`--web 127.0.0.1:8091`, `--listen` of `serve`, or `web.listen`',
      failed: () => this.counts.dropped(),
    });
    return Number(address.slice(address.lastIndexOf(':') + 1));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    response.on('error', () => gone.abort());
    setSecurityHeaders(response);
    let place = 'page';
    try {
      const { config } = this.#options;
      // Under TLS no foreign name has a certificate of ours; names that are listed hold all the same.
      if (!this.#options.tls || config.hosts.length > 0) checkHost(request.headers.host, config.listen, config.hosts);
      const target = request.url ?? '/';
      if (target.length > limits.webTargetBytes) throw tooLong();
      const { pathname, searchParams } = urlOf(target);
      if (!pathname.startsWith(`${apiRoot}/`)) this.#answerPage(request, response, pathname);
      else {
        place = 'unknown';
        const matched = this.#find(request, pathname.slice(apiRoot.length));
        place = `${matched.route.method} ${matched.route.path}`;
        await this.#answerCall(matched, { request, response, query: searchParams, signal: gone.signal });
      }
    } catch (error) {
      // A client that went away asked for nothing any more.
      if (!gone.signal.aborted) answerError(response, error);
    } finally {
      this.counts.answered(place, response.statusCode);
    }
  }

  #find(request: IncomingMessage, path: string): MatchedRoute {
    if (!this.#router) throw new ApiFault(503, 'E_WEB_STARTING', 'the server has just started', 'Ask again.');
    return this.#router.find(request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'), path);
  }

  async #answerCall({ route, params }: MatchedRoute, call: Call): Promise<void> {
    const { request, response } = call;
    const access = this.#access as Access;
    const caller =
      route.role === 'anyone' ? { name: '', role: 'auditor' as const, session: undefined } : access.callerOf(request);
    if (route.role !== 'anyone') checkRole(caller, route.role);
    const body = route.method === 'POST' ? await readBody(request) : undefined;
    if (route.reads) this.#audit.read(caller.name, `${route.method} ${route.path}`, [...Object.entries(params), ...call.query]);
    const answer = await route.handle({ ...call, caller, params, body });
    if (answer !== 'taken') answerJson(response, answer.status ?? 200, answer.body, answer.headers);
  }

  #answerPage(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new ApiFault(405, 'E_WEB_METHOD', 'files are only read', 'Use GET.', { allow: 'GET, HEAD' });
    const { files } = this.#options;
    const file = files.get(path);
    if (file) answerFile(request, response, file);
    else if (path === '/' && files.size === 0) answerPlainPage(response);
    else throw new ApiFault(404, 'E_WEB_NO_FILE', 'there is no such file', 'The page is at /, calls are below /api/v1.');
  }
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly signal: AbortSignal;
}

const tooLong = (): ApiFault =>
  new ApiFault(414, 'E_WEB_TARGET', 'the query is too long', `Send at most ${limits.webTargetBytes} bytes.`);

function urlOf(target: string): URL {
  try {
    return new URL(target, 'http://localhost');
  } catch {
    throw new ApiFault(400, 'E_WEB_TARGET', 'the target is no path', 'Ask for a path below /.');
  }
}
