import { chmodSync } from 'node:fs';
import { checkFileSource } from '../../src/doctor/check-file-source.ts';
import type { CheckResult } from '../../src/doctor/check-result.ts';
import { distros } from '../../src/wiring/distros.ts';
import { auditEvent } from '../cli/run-cli.ts';
import { DoctorFolder, having } from './doctor-folder.ts';

describe('doctor/check-file-source', () => {
  let folder: DoctorFolder;
  beforeEach(async () => {
    folder = new DoctorFolder();
    await folder.init({ kind: 'file', distro: { ...distros.generic, auditLog: folder.file('logs/audit.log') } });
  });
  afterEach(() => folder.remove());

  async function look(laterMs = 0): Promise<readonly CheckResult[]> {
    const source = (await folder.config()).sources[0];
    if (source?.type !== 'file') throw new Error('no file');
    return checkFileSource(source, { directory: folder.file('data'), nowMs: Date.now() + laterMs });
  }

  it('tells a missing folder from a missing file', async () => {
    having(await look(), 'failed', 'there is no such folder');
    folder.write('logs/other', '');
    having(await look(), 'failed', 'there is no such file');
  });

  it('says whether it rotates, is written to, and was read', async () => {
    folder.write('logs/audit.log', `${auditEvent()}\n`);
    folder.write('logs/audit-2026-05-04T09-00-00.000.log', '');
    const results = await look();
    having(results, 'ok', 'rotates: 1 older files');
    having(results, 'skipped', 'was not read yet');
    having(await look(3_600_000), 'warning', 'was not written to for 60 min');
  });

  it('sees an agent that does not read on', async () => {
    folder.write('logs/audit.log', `${auditEvent()}\n`);
    const { ino, dev } = await import('node:fs').then(({ statSync }) => statSync(folder.file('logs/audit.log')));
    const log = folder.file('logs/audit.log');
    const entry = { file: { device: dev, inode: ino }, offset: 0, path: log, atMs: Date.now() };
    folder.write('data/sources/apiserver.json', JSON.stringify({ version: 2, files: { [log]: [entry] } }));
    having(await look(), 'ok', 'before its end');
    having(await look(3_600_000), 'warning', 'before its end');
  });

  it('says how a user gets to read it', async function () {
    if (process.getuid?.() === 0) this.skip();
    folder.write('logs/audit.log', '');
    chmodSync(folder.file('logs/audit.log'), 0);
    having(await look(), 'failed', 'cannot be read by this user');
  });
});
