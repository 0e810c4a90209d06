import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { LeftOut } from '../../core/left-out.ts';
import type { ReceiverMeter } from '../../core/receiver.ts';
import type { TileContext } from '../../core/tile.ts';
import { Admission, type AdmissionBounds, type NoRoom, type Share } from './admission.ts';
import { type ClientCertificate, identify, type Requirements } from './client-identity.ts';
import { type BodyBounds, type BodyEnd, RequestBody } from './request-body.ts';
import { TileQueue } from './tile-queue.ts';

/** Distinct client names that are remembered; they come from our own certificates and token files. */
const rememberedClients = 1_024;
/** A refused request's body is read to nowhere up to this size, so that its sender reads the answer; beyond it the connection ends. */
const discardedBytes = 1024 * 1024;
/** A sender this far behind the slowest pace loses its place where somebody waits for it. */
const slowMs = 1_000;

export interface ReceiverOptions {
  readonly path: string;
  readonly cluster: string;
  readonly name: string;
  readonly clock: Clock;
  readonly bounds: AdmissionBounds & BodyBounds;
  /** Why events would not get into the log now. */
  readonly refuses: () => string | undefined;
  readonly requirements: () => Requirements;
  readonly meter: ReceiverMeter;
  /** Told of what is no event and is left out. */
  readonly leftOut?: LeftOut | undefined;
  /** Told of requests that were refused for who sent them. */
  readonly refused: (reason: string, address: string) => void;
}

/** What the connection of a request is known for. */
export interface Peer {
  readonly certificate: ClientCertificate | undefined;
  readonly address: string;
  /** The connection should end with this answer. */
  readonly last: boolean;
  prove(): void;
}

/** Answers requests: who sends, whether there is room, then the body, then 200 once the log has it. */
export class Receiver {
  readonly admission: Admission;
  readonly queue = new TileQueue();
  readonly #options: ReceiverOptions;
  readonly #bodies = new Set<RequestBody>();
  readonly #contexts = new Map<string, TileContext>();
  readonly #pool: Buffer[] = [];
  #number = 0;
  #draining = false;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.admission = new Admission(options.bounds);
  }

  /** Handles requests of a server. `peerOf` knows the connection. */
  attach(server: Server, peerOf: (request: IncomingMessage) => Peer): void {
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#handle(request, response, peerOf(request));
    };
    server.on('request', handle);
    server.on('checkContinue', handle);
    // Any other expectation: the body is what counts.
    server.on('checkExpectation', handle);
  }

  /** Requests that are being read or wait for the log. */
  get busy(): boolean {
    return this.#bodies.size > 0;
  }

  /** From now on only what has begun is finished. */
  drain(): void {
    this.#draining = true;
  }

  /** Ends requests that take too long. */
  check(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const body of this.#bodies) body.check(nowMs);
  }

  /** Leaves what is still in flight unanswered. */
  abandon(): void {
    for (const body of this.#bodies) body.abandon('incomplete');
  }

  async #handle(request: IncomingMessage, response: ServerResponse, peer: Peer): Promise<void> {
    const { clock, meter } = this.#options;
    const startMs = clock.nowMs();
    const answer = (wanted: number, word: string, bytes: number, text = ''): void => {
      const isGone = response.destroyed && wanted !== 0;
      const [status, reason] = isGone ? [0, 'sender-left'] : [wanted, word];
      meter.answered(status, reason, (clock.nowMs() - startMs) / 1000, bytes);
      if (status === 0) response.destroy();
      else send(request, response, { status, text, last: peer.last || this.#draining });
    };
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    const identity = identify(this.#options.requirements(), peer.certificate, request.headers.authorization, startMs);
    if (!identity.accepted) {
      this.#options.refused(identity.reason, peer.address);
      answer(identity.status, identity.reason, 0, identity.reason);
      return;
    }
    peer.prove();
    const refusal = this.#refusal(request);
    if (refusal) {
      answer(refusal.status, refusal.reason, 0, refusal.reason);
      return;
    }
    await this.#receive(request, response, { client: identity.client, address: peer.address }, answer);
  }

  async #receive(
    request: IncomingMessage,
    response: ServerResponse,
    { client, address }: { readonly client: string | undefined; readonly address: string },
    answer: (status: number, reason: string, bytes: number, text?: string) => void,
  ): Promise<void> {
    const { clock, bounds, leftOut } = this.#options;
    const share = this.#enter(client ?? address);
    if (typeof share === 'string') {
      answer(503, share, 0, 'too many requests');
      return;
    }
    if (expectsContinue(request)) response.writeContinue();
    const place = { admission: this.admission, queue: this.queue, clock, bounds, pool: this.#pool, leftOut };
    const body = new RequestBody(request, share, place, this.#context(client), ++this.#number);
    this.#bodies.add(body);
    response.once('close', () => {
      if (!response.writableEnded) body.abandon('incomplete');
    });
    let end: BodyEnd = { end: 'incomplete', failed: true };
    try {
      end = await body.run();
    } finally {
      this.#bodies.delete(body);
      this.admission.leave(share);
      const { status, reason } = this.#verdict(end);
      answer(status, reason, body.received, status === 200 ? '' : reason);
      this.queue.wake();
    }
  }

  /** Where there are too many requests, the slowest sender's makes room for the next: a crowd of them keeps nobody out. */
  #enter(sender: string): Share | NoRoom {
    const entered = this.admission.enter(sender);
    if (typeof entered !== 'string') return entered;
    const nowMs = this.#options.clock.nowMs();
    let [slowest, longestMs]: [RequestBody | undefined, number] = [undefined, slowMs];
    for (const body of this.#bodies) {
      if (entered === 'too-many-of-sender' && body.share.sender !== sender) continue;
      const lagMs = body.lagMs(nowMs);
      if (lagMs > longestMs) [slowest, longestMs] = [body, lagMs];
    }
    if (!slowest) return entered;
    slowest.abandon('slow');
    this.admission.leave(slowest.share);
    return this.admission.enter(sender);
  }

  #verdict({ end, failed }: BodyEnd): { readonly status: number; readonly reason: string } {
    if (end === 'too-large') return { status: 413, reason: 'body-too-large' };
    if (end === 'queued') return { status: 503, reason: 'busy' };
    if (end !== 'complete') return { status: 0, reason: end };
    return failed ? { status: 503, reason: this.#options.refuses() ?? 'not-stored' } : { status: 200, reason: 'stored' };
  }

  /** What is refused before the body is read. */
  #refusal(request: IncomingMessage): { readonly status: number; readonly reason: string } | undefined {
    const { path, refuses, bounds } = this.#options;
    if ((request.url ?? '').split('?', 1)[0] !== path) return { status: 404, reason: 'path' };
    if (request.method !== 'POST') return { status: 405, reason: 'method' };
    if (Number(request.headers['content-length'] ?? 0) > bounds.bodyBytes) return { status: 413, reason: 'body-too-large' };
    if (this.#draining) return { status: 503, reason: 'stopping' };
    const why = refuses();
    return why === undefined ? undefined : { status: 503, reason: why };
  }

  #context(client: string | undefined): TileContext {
    const known = this.#contexts.get(client ?? '');
    if (known) return known;
    const { cluster, name, path } = this.#options;
    const context = { cluster, source: name, stream: path, ...(client === undefined ? {} : { client }) };
    if (this.#contexts.size >= rememberedClients) this.#contexts.clear();
    this.#contexts.set(client ?? '', context);
    return context;
  }
}

function expectsContinue(request: IncomingMessage): boolean {
  return request.httpVersionMinor > 0 && /100-continue/i.test(request.headers.expect ?? '');
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly last: boolean;
}

/** Sends status and a word. What is left of the body goes nowhere; where that is much, the connection ends. */
function send(request: IncomingMessage, response: ServerResponse, { status, text, last }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  const left = request.complete ? 0 : Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  const isLast = last || (left > discardedBytes && status !== 503);
  const body = text === '' ? '' : `${text}\n`;
  response.writeHead(status, {
    'content-length': Buffer.byteLength(body),
    ...(body === '' ? {} : { 'content-type': 'text/plain; charset=utf-8' }),
    ...(status === 503 ? { 'retry-after': '1' } : {}),
    ...(status === 405 ? { allow: 'POST' } : {}),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(isLast ? { connection: 'close' } : {}),
  });
  response.end(body);
  if (!request.complete) request.resume();
}
