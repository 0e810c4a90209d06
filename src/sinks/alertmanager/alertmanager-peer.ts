import type { AlertmanagerSinkConfig } from '../../config/sinks/alertmanager.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import type { HttpRequest } from '../http/http-client.ts';
import { httpOptionsOf } from '../http/http-options.ts';
import { HttpSink } from '../http/http-sink.ts';
import { alertOf } from './alert-of.ts';

/** One Alertmanager of a cluster. */
export class AlertmanagerPeer extends HttpSink {
  readonly #options: AlertmanagerSinkConfig;

  constructor(options: AlertmanagerSinkConfig, url: string, context: SinkContext) {
    super(httpOptionsOf(options, url), context);
    this.#options = options;
  }

  protected override requestFor(records: readonly MaskedRecord[]): HttpRequest | undefined {
    const nowMs = this.context.clock.nowMs();
    const alerts = records
      .map((record) => alertOf(findingIn(record), this.#options, nowMs))
      .filter((alert) => alert !== undefined);
    if (alerts.length === 0) return undefined;
    return {
      method: 'POST',
      path: '/api/v2/alerts',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    };
  }

  protected override checkRequest(): HttpRequest {
    return { method: 'GET', path: '/api/v2/status' };
  }
}
