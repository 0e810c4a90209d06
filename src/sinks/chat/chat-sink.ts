import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatConfig } from '../../config/sinks/chat-options.ts';
import type { Outcome } from '../../core/delivery.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { MaskedRecord } from '../../core/record.ts';
import { Secret } from '../../core/secret.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import type { HttpRequest } from '../http/http-client.ts';
import { httpOptionsOf, secretSource } from '../http/http-options.ts';
import { HttpSink } from '../http/http-sink.ts';
import type { Refused } from '../send-split.ts';
import { type ChatMessage, chatMessage } from './chat-message.ts';

/** What sinks for chat rooms share: one message for a batch, and not too many of them. */
export abstract class ChatSink extends HttpSink {
  readonly #options: ChatConfig;
  #sentMs = 0;

  constructor(options: ChatConfig, context: SinkContext) {
    super(httpOptionsOf(options, secretSource(options.url, options.urlFile) ?? new Secret(Buffer.from(''))), context);
    this.#options = options;
  }

  /** The body of the request that posts a message. */
  protected abstract render(message: ChatMessage): object;

  protected override async send(records: readonly MaskedRecord[], signal: AbortSignal): Promise<readonly Outcome[] | Refused> {
    const waitMs = this.#sentMs + this.#options.messageIntervalMs - this.context.clock.nowMs();
    // Where it is aborted meanwhile the request says so.
    if (waitMs > 0) await sleep(Math.min(waitMs, this.#options.messageIntervalMs), undefined, { signal }).catch(() => undefined);
    return super.send(records, signal);
  }

  protected override requestFor(records: readonly MaskedRecord[]): HttpRequest | undefined {
    const message = chatMessage(records.map(findingIn), this.#options);
    if (!message) return undefined;
    this.#sentMs = this.context.clock.nowMs();
    const body = JSON.stringify(this.render(message));
    return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  }
}
