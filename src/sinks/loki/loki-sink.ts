import type { LokiSinkConfig } from '../../config/sinks/loki.ts';
import type { Fault } from '../../core/faults.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import type { HttpAnswer, HttpRequest } from '../http/http-client.ts';
import { httpOptionsOf } from '../http/http-options.ts';
import { faultUnlessAnswered, HttpSink } from '../http/http-sink.ts';
import { recordLines } from '../shared/record-line.ts';
import { type PushOptions, pushBody } from './push-body.ts';

const path = '/loki/api/v1/push';

/** Lines of Grafana Loki. Of a push in part of which something is wrong Loki keeps the rest: sent again in halves, that changes nothing. */
export class LokiSink extends HttpSink {
  readonly #push: PushOptions;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: LokiSinkConfig, context: SinkContext) {
    super(httpOptionsOf(options, options.url, options.gzip), context);
    const { labels, structuredMetadata, format, tenant } = options;
    this.#push = { labels, structuredMetadata, line: recordLines(format, context.product) };
    this.#headers = { 'content-type': 'application/json', ...(tenant !== undefined && { 'x-scope-orgid': tenant }) };
  }

  /** Whoever may push may often not read, so the path of the push is asked. */
  protected override checkRequest(): HttpRequest {
    return { method: 'GET', path, headers: this.#headers };
  }

  protected override faultOfCheck(answer: HttpAnswer): Fault | undefined {
    return faultUnlessAnswered(answer);
  }

  protected override requestFor(records: readonly MaskedRecord[]): HttpRequest {
    return { method: 'POST', path, headers: this.#headers, body: pushBody(records, this.#push) };
  }
}
