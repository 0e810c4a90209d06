import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { FirstEventWait } from '../../src/cli/first-event-wait.ts';
import { Output } from '../../src/cli/output.ts';
import { configSchema } from '../../src/config/schema.ts';

class Screen extends Writable {
  readonly isTTY: boolean;
  readonly columns = 80;
  text = '';
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Takes the lines of a block away again. */
const back = (shown: string): string => `\u001b[${shown.split('\n').length - 1}A\r\u001b[J`;

describe('cli/first-event-wait', () => {
  let folder: string;
  let nowMs: number;
  let meter: { tally: { events: number }; refusals: () => { reason: string; count: number }[]; connections: () => number };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-wait-'));
    nowMs = 0;
    meter = { tally: { events: 0 }, refusals: () => [], connections: () => 0 };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function waiting(isTTY: boolean): { readonly wait: FirstEventWait; readonly screen: Screen } {
    const screen = new Screen(isTTY);
    const config = configSchema.parse({
      version: 1,
      cluster: { name: 'c' },
      sources: [
        { type: 'webhook', name: 'hook', listen: '127.0.0.1:8443', path: '/audit', tls: { certFile: '/c', keyFile: '/k' } },
        { type: 'file', name: 'log', path: join(folder, 'audit.log') },
      ],
    });
    const wait = new FirstEventWait({ config, meter, output: new Output(screen, screen, {}), nowMs: () => nowMs });
    wait.start();
    return { wait, screen };
  }

  it('shows what it waits for and who was turned away, and goes with the first event', async () => {
    const { wait, screen } = waiting(true);
    nowMs = 12_000;
    await wait.look();
    expect(screen.text).to.contain('waiting for the first event · 0:12');
    expect(screen.text).to.contain('hook: https://127.0.0.1:8443/audit: nobody has connected yet');
    expect(screen.text).to.contain('log: not there yet: ');
    meter.refusals = () => [{ reason: 'certificate-missing', count: 3 }];
    writeFileSync(join(folder, 'audit.log'), '');
    const shown = screen.text;
    screen.text = '';
    await wait.look();
    expect(screen.text.startsWith(back(shown))).to.equal(true);
    expect(screen.text).to.contain('3 × client sent no certificate');
    expect(screen.text).to.contain('→ give kube-apiserver the audit-webhook.yaml');
    expect(screen.text).to.contain('log: nothing new in ');
    const second = screen.text;
    meter.tally.events = 1;
    screen.text = '';
    await wait.look();
    expect(screen.text).to.equal(`${back(second)}auditveil: the first event is there, after 12 s\n`);
  });

  it('says each thing once where nobody watches, with what to do', async () => {
    const { wait, screen } = waiting(false);
    meter.refusals = () => [{ reason: 'path', count: 1 }];
    await wait.look();
    expect(screen.text).to.equal(
      'auditveil: source hook: request for another path → make the path of the URL in the kubeconfig and `path` the same\n',
    );
    nowMs = 11_000;
    await wait.look();
    await wait.look();
    const lines = screen.text.split('\n');
    expect(lines.filter((line) => line.includes('waiting for the first event: log'))).to.have.length(1);
    expect(new Set(lines).size).to.equal(lines.length);
    expect(screen.text).not.to.contain('\u001b');
  });

  it('shows nothing where the first event is there at once', async () => {
    const { wait, screen } = waiting(true);
    await wait.look();
    meter.tally.events = 5;
    nowMs = 1_000;
    await wait.look();
    expect(screen.text).to.equal('');
  });
});
