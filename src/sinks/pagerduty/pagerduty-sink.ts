import type { PagerdutySinkConfig } from '../../config/sinks/pagerduty.ts';
import type { Outcome } from '../../core/delivery.ts';
import type { Fault } from '../../core/faults.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { RecordBatch } from '../../core/log.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import type { HttpAnswer, HttpRequest } from '../http/http-client.ts';
import { httpOptionsOf } from '../http/http-options.ts';
import { faultUnlessAnswered, HttpSink } from '../http/http-sink.ts';
import { readSecretText } from '../shared/read-secret.ts';
import { pagerdutyEvent } from './pagerduty-event.ts';

/** Findings as alerts of PagerDuty, an event a request. */
export class PagerdutySink extends HttpSink {
  readonly keepsOrder = true;
  readonly #options: PagerdutySinkConfig;

  constructor(options: PagerdutySinkConfig, context: SinkContext) {
    super(httpOptionsOf(options, options.url), context);
    this.#options = options;
  }

  override async open(signal: AbortSignal): Promise<void> {
    await super.open(signal);
    await this.#routingKey();
  }

  override write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    return this.writeOneByOne(batch, signal);
  }

  protected override faultOfCheck(answer: HttpAnswer): Fault | undefined {
    return faultUnlessAnswered(answer);
  }

  protected override async requestFor([record]: readonly MaskedRecord[]): Promise<HttpRequest> {
    const event = pagerdutyEvent(findingIn(record!), this.context.product, this.#options.linkUrl);
    const body = JSON.stringify({ routing_key: await this.#routingKey(), ...event });
    return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  }

  #routingKey(): Promise<string | undefined> {
    const { routingKey, routingKeyFile } = this.#options;
    return readSecretText(routingKey, routingKeyFile);
  }
}
