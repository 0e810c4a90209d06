import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { DrawnScreen } from '../../support/drawn-screen.ts';
import { until } from '../../support/until.ts';
import { auditEvent, CliFolder, listPodsRule, mainFile } from '../run-cli.ts';

/** `tail` on a pseudo-terminal of 80 by 24, which `script` (util-linux) makes. */
class TerminalRun {
  readonly screen = new DrawnScreen();
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder: CliFolder;
  failed: unknown;

  constructor(folder: CliFolder, args = '', env: Readonly<Record<string, string>> = {}) {
    this.#folder = folder;
    const command = `stty cols 80 rows 24; tty > tty; echo $$ > pid; exec '${process.execPath}' '${mainFile}' tail ${args}`;
    const environment = { ...folder.env(env), TERM: 'xterm-256color', SHELL: '/bin/sh' };
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], { cwd: folder.path, env: environment });
    this.#child.stdout.on('data', (bytes: Buffer) => {
      try {
        this.screen.write(bytes.toString('utf8'));
      } catch (error) {
        this.failed = error;
      }
    });
    this.ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  resize(columns: number, rows: number): void {
    const terminal = readFileSync(this.#folder.file('tty'), 'utf8').trim();
    execFileSync('stty', ['-F', terminal, 'cols', String(columns), 'rows', String(rows)]);
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(Number(readFileSync(this.#folder.file('pid'), 'utf8')), signal);
  }

  until(what: string, holds: () => boolean): Promise<void> {
    return until(() => `${what} in\n${this.screen.text}\n${String(this.failed)}`, holds, 30_000);
  }

  shows(pattern: RegExp): Promise<void> {
    return this.until(`${pattern}`, () => pattern.test(this.screen.text));
  }
}

describe('cli/tail on a terminal', function () {
  this.timeout(120_000);
  let folder: CliFolder;
  before(async function () {
    if (spawnSync('script', ['--version']).error) this.skip();
    folder = new CliFolder();
    writeFileSync(folder.file('rules.yml'), listPodsRule);
    const nasty = { resource: 'pods', namespace: 'a\u001b[2J\u202eb', name: '世界\nbreak' };
    const events = [
      auditEvent(),
      auditEvent({ objectRef: nasty, verb: 'list' }),
      auditEvent({ objectRef: { resource: 'pods', namespace: 'shop' } }),
    ];
    writeFileSync(folder.file('audit.log'), `${events.join('\n')}\n`);
    await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none']);
  });
  after(() => folder?.remove());

  it('shows findings in 80 by 24, filters, opens one, acknowledges, follows what comes, and gives the terminal back', async () => {
    const run = new TerminalRun(folder);
    await run.shows(/3 findings.*\n[\s\S]*MED {2}Pods listed/);
    expect(run.screen.isOwn && run.screen.isCursorHidden).to.equal(true);
    expect(run.screen.colours).to.be.greaterThan(0);
    expect(run.screen.lines).to.have.length(24);
    run.type('/shop');
    await run.shows(/1 of 3 findings · \/shop/);
    run.type('\r\r');
    await run.shows(/typed +\$ kubectl get pods -n shop/);
    await run.shows(/Same user, five minutes before/);
    run.type('amine\r');
    await run.shows(/left for the agent/);
    run.type('q\u001b');
    await folder.run(['run', '--once', '--rules', 'rules.yml', '-o', 'none', '-'], auditEvent());
    await run.shows(/4 findings/);
    await run.shows(/a05-04 09:00:00 MED {2}Pods listed/);
    run.type('q');
    expect([await run.ended, run.failed, run.screen.isOwn, run.screen.isCursorHidden]).to.deep.equal([
      0,
      undefined,
      false,
      false,
    ]);
  });

  it('follows the size of the window, without colour where none is wanted, and ends in order when it is told to', async () => {
    const run = new TerminalRun(folder, '--timezone UTC', { NO_COLOR: '1' });
    await run.shows(/^ \d findings/);
    run.resize(40, 10);
    await run.until('40 by 10', () => {
      // A frame of the old size may still have been on its way.
      run.screen.cutTo(10);
      return run.screen.lines.length === 10 && run.screen.lines.every((line) => line.length <= 40);
    });
    run.resize(120, 30);
    await run.until('120 by 30', () => run.screen.lines.length === 30);
    run.type('?');
    await run.shows(/filter while you type/);
    run.kill('SIGTERM');
    expect([await run.ended, run.failed, run.screen.isOwn]).to.deep.equal([0, undefined, false]);
    // The mode of the screen at its end resets colours, once.
    expect(run.screen.colours).to.be.at.most(1);
  });

  it('gives the terminal back before it says what is wrong', async () => {
    const run = new TerminalRun(folder, '--data-dir nowhere');
    expect([await run.ended, run.screen.isOwn]).to.deep.equal([1, false]);
    expect(run.screen.text).to.include('E_LOG_MISSING');
  });
});
