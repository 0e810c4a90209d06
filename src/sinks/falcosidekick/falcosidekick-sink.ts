import type { FalcosidekickSinkConfig } from '../../config/sinks/falcosidekick.ts';
import type { Outcome } from '../../core/delivery.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { RecordBatch } from '../../core/log.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { createFormatter } from '../../findings/create-formatter.ts';
import type { HttpRequest } from '../http/http-client.ts';
import { httpOptionsOf } from '../http/http-options.ts';
import { HttpSink } from '../http/http-sink.ts';

/** Falco JSON to falcosidekick, a finding a request: its endpoint takes no lists. */
export class FalcosidekickSink extends HttpSink {
  readonly #format: ReturnType<typeof createFormatter>;

  constructor(options: FalcosidekickSinkConfig, context: SinkContext) {
    super(httpOptionsOf(options, options.url), context);
    this.#format = createFormatter('falco', context.product);
  }

  override write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    return this.writeOneByOne(batch, signal);
  }

  protected override requestFor([record]: readonly MaskedRecord[]): HttpRequest {
    const body = this.#format(findingIn(record!));
    return { method: 'POST', path: '/', headers: { 'content-type': 'application/json' }, body };
  }

  protected override checkRequest(): HttpRequest {
    return { method: 'GET', path: '/healthz' };
  }
}
