import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { listenOn } from '../core/listen-on.ts';
import { createInstruments } from './channels.ts';
import type { Health } from './health.ts';
import type { Readings } from './readings.ts';

export interface TelemetryOptions {
  /** `address:port`; port 0 takes a free one. An IPv6 address stands in brackets. */
  readonly listen: string;
  readonly readings: Readings;
  readonly health: Health;
}

/** `/metrics` (Prometheus text), `/livez` (the process answers) and `/readyz` (503 with reasons while a check fails). */
export class TelemetryServer {
  readonly #server: Server;
  readonly #provider: MeterProvider;
  readonly #listen: string;

  constructor({ listen, readings, health }: TelemetryOptions) {
    this.#listen = listen;
    const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true, withoutTargetInfo: true });
    this.#provider = new MeterProvider({ readers: [exporter] });
    createInstruments(this.#provider.getMeter('auditveil'), readings);
    this.#server = createServer((request, response) => answer(request, response, exporter, health));
    this.#server.requestTimeout = 10_000;
    this.#server.maxConnections = 64;
  }

  /** @returns the address and port it listens on. @throws Fault E_TELEMETRY_LISTEN */
  start(): Promise<string> {
    return listenOn(this.#server, this.#listen, { code: 'E_TELEMETRY_LISTEN', option: '`telemetry.listen`' });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    await this.#provider.shutdown();
  }
}

function answer(request: IncomingMessage, response: ServerResponse, exporter: PrometheusExporter, health: Health): void {
  const path = (request.url ?? '').split('?')[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') send(response, 405, 'only GET\n');
  else if (path === '/metrics') exporter.getMetricsRequestHandler(request, response);
  else if (path === '/livez') send(response, 200, 'ok\n');
  else if (path === '/readyz') {
    const problems = health.problems();
    send(response, problems.length === 0 ? 200 : 503, problems.length === 0 ? 'ok\n' : `${problems.join('\n')}\n`);
  } else send(response, 404, 'there are /metrics, /livez and /readyz\n');
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(text);
}
