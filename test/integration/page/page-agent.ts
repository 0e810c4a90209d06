import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../faults/free-port.ts';
import { endProcess } from '../../support/end-process.ts';
import { until } from '../../support/until.ts';
import { auditveil } from '../agent.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));

interface Access {
  readonly token: string;
  readonly hash: string;
}

/** A real agent with its page, over an audit log that the test writes. */
export class PageAgent {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'auditveil-page-'));
  readonly log = path.join(this.folder, 'audit.log');
  readonly tokens: Readonly<Record<'analyst' | 'auditor', string>>;
  readonly #config = path.join(this.folder, 'config.yaml');
  readonly url: string;
  #child: ChildProcess | undefined;
  #said = '';

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}/`;
    writeFileSync(this.log, '');
    auditveil(this.folder, 'keys', 'init', '--key', path.join(this.folder, 'key.json'));
    const token = (role: string): Access =>
      JSON.parse(auditveil(this.folder, 'web', 'token', '--name', role, '--role', role, '--json')) as Access;
    const [analyst, auditor] = [token('analyst'), token('auditor')];
    this.tokens = { analyst: analyst.token, auditor: auditor.token };
    writeFileSync(
      this.#config,
      `version: 1
cluster: { name: shop-prod }
sources: [{ type: file, path: ${this.log} }]
masking: { keyFile: ${path.join(this.folder, 'key.json')} }
log: { directory: ${path.join(this.folder, 'data')} }
web:
  listen: 127.0.0.1:${port}
  tokens:
    - { name: ada, role: analyst, hash: "${analyst.hash}" }
    - { name: olga, role: auditor, hash: "${auditor.hash}" }
`,
    );
  }

  static async make(): Promise<PageAgent> {
    return new PageAgent(await freePort());
  }

  /** Starts it; resolves with the link that signs in once. */
  async start(): Promise<string> {
    this.#said = '';
    const env = { ...process.env, XDG_STATE_HOME: path.join(this.folder, 'state'), NO_COLOR: '1' };
    const child = spawn(process.execPath, [main, 'run', '--config', this.#config, '-o', 'none'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.on('data', (bytes: Buffer) => {
      this.#said += bytes.toString();
    });
    this.#child = child;
    await until(
      () => `the agent printed no link:\n${this.#said}`,
      () => this.#link() !== undefined,
    );
    return this.#link() ?? '';
  }

  /** The API server writes these lines. */
  write(lines: readonly string[]): void {
    appendFileSync(this.log, lines.map((line) => `${line}\n`).join(''));
  }

  end(): Promise<number | null> {
    return endProcess(this.#child, 'SIGTERM');
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #link(): string | undefined {
    return /the page: (\S+)/.exec(this.#said)?.[1];
  }
}
