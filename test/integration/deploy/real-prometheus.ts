import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { alertsFile } from '../../support/alert-rules.ts';
import { endProcess } from '../../support/end-process.ts';
import { until } from '../../support/until.ts';

/** A series of an answer: its labels, and its value now. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus (PROMETHEUS, `test/servers/prometheus.sh` prints it) that scrapes one target every second, our alerts loaded. */
export class RealPrometheus {
  readonly #folder: string;
  readonly #port: number;
  #child: ChildProcess | undefined;

  constructor(folder: string, port: number, target: string) {
    this.#folder = folder;
    this.#port = port;
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [alertsFile],
      scrape_configs: [{ job_name: 'auditveil', static_configs: [{ targets: [target] }] }],
    };
    writeFileSync(path.join(folder, 'prometheus.yml'), stringify(config));
  }

  async start(): Promise<void> {
    const program = process.env['PROMETHEUS'];
    if (program === undefined) throw new Error('PROMETHEUS is not set: run test/servers/prometheus.sh');
    const output = openSync(path.join(this.#folder, 'prometheus.log'), 'a');
    const args = [
      `--config.file=${path.join(this.#folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${path.join(this.#folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${this.#port}`,
    ];
    this.#child = spawn(program, args, { stdio: ['ignore', output, output] });
    const isReady = async (): Promise<boolean> =>
      (await fetch(`http://127.0.0.1:${this.#port}/-/ready`).catch(() => undefined))?.status === 200;
    await until('Prometheus is ready', isReady, 30_000, 100);
  }

  /** @throws where Prometheus refuses the expression */
  async query(expression: string): Promise<readonly Sample[]> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/api/v1/query?${new URLSearchParams({ query: expression })}`);
    const answer = (await response.json()) as Answer;
    if (answer.status !== 'success') throw new Error(`${expression}: ${answer.error ?? response.status}`);
    return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  async stop(): Promise<void> {
    await endProcess(this.#child, 'SIGTERM');
  }
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly { readonly metric: Sample['metric']; readonly value: readonly [number, string] }[] };
}
