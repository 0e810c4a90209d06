import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { ReloadRequests } from '../../src/pipeline/reload-requests.ts';
import { filesState } from '../../src/pipeline/setup-files.ts';

describe('pipeline/reload-requests', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-requests-'));
    file = join(folder, 'config.yaml');
    writeFileSync(file, 'a');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('resolves when somebody asks, also before it was asked for', async () => {
    const requests = new ReloadRequests(1_000);
    requests.ask();
    expect(await requests.next(new AbortController().signal)).to.equal('signal');
    const next = requests.next(new AbortController().signal);
    requests.ask();
    expect(await next).to.equal('signal');
  });

  it('resolves with nothing when it is over', async () => {
    expect(await new ReloadRequests(1_000).next(AbortSignal.timeout(20))).to.equal(undefined);
  });

  it('asks once for a change of a file that has come to rest, and not for one that goes on', async () => {
    const requests = new ReloadRequests(10);
    // Written to whenever it is looked at: never the same in two looks, however slow the machine is.
    let looks = 0;
    let isWritten = true;
    const paths = Object.defineProperty([''], 0, {
      get: () => {
        if (isWritten) writeFileSync(file, 'b'.repeat(++looks + 1));
        return file;
      },
    });
    requests.watch(paths, await filesState([file]));
    const next = requests.next(new AbortController().signal);
    let came = false;
    void next.then(() => {
      came = true;
    });
    while (looks < 5) await wait(10);
    isWritten = false;
    expect(came).to.equal(false);
    expect(await next).to.equal('files');
    expect(await requests.next(AbortSignal.timeout(300))).to.equal(undefined);
  });

  it('sees what changed between the reading and the watching', async () => {
    const requests = new ReloadRequests(20);
    const known = await filesState([file]);
    writeFileSync(file, 'changed');
    requests.watch([file], known);
    expect(await requests.next(AbortSignal.timeout(5_000))).to.equal('files');
  });
});
