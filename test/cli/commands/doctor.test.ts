import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { CliFolder, linesOf } from '../run-cli.ts';

describe('cli/commands/doctor', function () {
  this.timeout(60_000);
  let folder: CliFolder;
  beforeEach(async () => {
    folder = new CliFolder();
    await folder.run(['init', 'webhook', '--out', '.', '--server', '127.0.0.1:9']);
  });
  afterEach(() => folder.remove());

  it('shows a list with remedies and ends with 0 where nothing failed, with 5 where it is strict', async () => {
    const { code, stdout } = await folder.run(['doctor', '--config', 'config.yaml']);
    expect(stdout).to.match(/^ {2}ok {4}masking/m);
    expect(stdout).to.match(/^ {2}warn {2}source apiserver {4}nothing listens at 127\.0\.0\.1:9\n +→ Start the agent/m);
    expect(stdout).to.match(/\d+ ok, \d+ warnings, 0 failed/);
    expect(code).to.equal(0);
    expect((await folder.run(['doctor', '--config', 'config.yaml', '--strict'])).code).to.equal(5);
  });

  it('ends with 1 where something failed, and says the same as JSON lines', async () => {
    writeFileSync(folder.file('tls/server.key'), 'nothing');
    const { code, stdout } = await folder.run(['doctor', '--config', 'config.yaml', '--json']);
    const failed = linesOf(stdout).map((line) => JSON.parse(line) as { state: string; what: string });
    expect(failed.filter(({ state }) => state === 'failed').map(({ what }) => what)).to.match(/not usable for TLS/);
    expect(code).to.equal(1);
  });

  it('ends with 3 where the configuration is wrong, with 2 where an address is no URL', async () => {
    expect((await folder.run(['doctor', '--config', 'config.yaml', '--metrics', 'nowhere'])).code).to.equal(2);
    writeFileSync(folder.file('config.yaml'), 'version: 2\n');
    expect((await folder.run(['doctor', '--config', 'config.yaml'])).code).to.equal(3);
    expect((await folder.run(['doctor', '--config', 'gone.yaml'])).code).to.equal(3);
  });
});
