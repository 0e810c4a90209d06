import { expect } from 'chai';
import { readConfigFile } from '../../src/cli/read-config-file.ts';
import type { CheckResult } from '../../src/doctor/check-result.ts';
import { runDoctor } from '../../src/doctor/run-doctor.ts';
import { DoctorFolder, having } from './doctor-folder.ts';

const none = { urls: [], access: {}, waitMs: 0 };

describe('doctor/run-doctor', function () {
  this.timeout(120_000);
  let folder: DoctorFolder;
  beforeEach(() => {
    folder = new DoctorFolder();
  });
  afterEach(() => folder.remove());

  async function look(): Promise<readonly CheckResult[]> {
    const configFile = folder.file('config.yaml');
    const config = await readConfigFile(configFile, {});
    const results: CheckResult[] = [];
    for await (const result of runDoctor({ config, configFile, completeness: none, clock: { nowMs: Date.now } }))
      results.push(result);
    return results;
  }

  it('has nothing against what init wrote, but that nothing runs yet', async () => {
    await folder.init();
    const results = await look();
    expect(results.filter(({ state }) => state === 'failed')).to.deep.equal([]);
    having(results, 'ok', 'made-up secrets, none came out');
    having(results, 'ok', 'trusts its certificate');
    having(results, 'warning', 'nothing listens at 127.0.0.1:9');
    having(results, 'warning', 'no agent answers');
    for (const { state, remedy } of results) if (state === 'warning') expect(remedy).to.be.a('string');
  });

  it('goes on with the rest where there is no key, and looks at sinks without making anything', async () => {
    await folder.init();
    folder.delete('keys.json');
    folder.replace('config.yaml', 'findings.jsonl', 'nowhere/findings.jsonl');
    const results = await look();
    having(results, 'failed', 'there is no key file');
    having(results, 'failed', 'nowhere cannot be written');
    having(results, 'ok', 'trusts its certificate');
  });
});
