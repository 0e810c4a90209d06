import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endProcess } from '../../support/end-process.ts';
import { until } from '../../support/until.ts';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves to true once the server answers. */
  readonly isReady: () => Promise<boolean>;
  /** Where this is root: as a user without rights (`serverFolder` belongs to it). */
  readonly asPlainUser?: boolean;
  /** Ends it at once; absent: SIGKILL. */
  readonly killSignal?: NodeJS.Signals;
}

/** A user without rights, where this is root: some servers refuse root. */
export function plainUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** A folder that a server may write into, gone at the end of the process. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `auditveil-${name}-`));
  const { uid, gid } = plainUser();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A server as a process, which can be stopped, killed and started again. */
export class ServerProcess {
  readonly #folder: string;
  readonly #command: ServerCommand;
  #child: ChildProcess | undefined;

  constructor(folder: string, command: ServerCommand) {
    this.#folder = folder;
    this.#command = command;
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  /** Nothing where it runs. */
  async start(): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) return;
    const { command, args, env, isReady, asPlainUser } = this.#command;
    const log = path.join(this.#folder, 'server.log');
    const output = openSync(log, 'a');
    const child = spawn(command, args, {
      cwd: this.#folder,
      env: { PATH: process.env['PATH'], HOME: this.#folder, ...env },
      stdio: ['ignore', output, output],
      ...(asPlainUser === true && plainUser()),
    });
    this.#child = child;
    await until(
      () => `${command} does not answer:\n${readFileSync(log, 'utf8').slice(-2000)}`,
      () => child.exitCode === null && isReady().catch(() => false),
      30_000,
    );
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** At once, with everything that belongs to it. */
  async kill(): Promise<void> {
    await this.#end(this.#command.killSignal ?? 'SIGKILL');
  }

  /** Stands still: takes connections, answers nothing. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.kill('SIGCONT');
    await endProcess(child, signal);
  }
}

/** Registers a suite for a server that `variable` names; where it is missing, it is said and skipped, a failure with CI=true in storage-run.ts. */
export function withServer(variable: string, script: string, suite: (value: string) => void): void {
  const value = process.env[variable];
  if (value !== undefined && value !== '') return void describe(variable, () => suite(value));
  describe(`${variable}: no server (test/servers/${script})`, () => {
    it('is there', function () {
      if (process.env['CI'] === 'true' && process.env['INTEGRATION'] === 'true')
        throw new Error(`test/servers/${script} did not give ${variable}`);
      this.skip();
    });
  });
}
