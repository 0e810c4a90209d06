import { mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readConfigFile } from '../../src/cli/read-config-file.ts';
import type { Config } from '../../src/config/schema.ts';
import type { CheckResult } from '../../src/doctor/check-result.ts';
import { distros } from '../../src/wiring/distros.ts';
import { type InitRequest, writeInitFiles } from '../../src/wiring/init-files.ts';

/** A folder that `init` wrote, to be made wrong in one thing. Nothing listens at its addresses: port 9 of loopback. */
export class DoctorFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'auditveil-doctor-'));

  file(name: string): string {
    return path.join(this.path, name);
  }

  async init(more: Partial<InitRequest> = {}): Promise<void> {
    const common = {
      kind: 'webhook',
      distro: distros.generic,
      out: this.path,
      cluster: 'local',
      force: true,
      names: [],
    } as const;
    await writeInitFiles({ ...common, server: '127.0.0.1:9', listen: '127.0.0.1:9', now: new Date(), ...more });
    this.replace('config.yaml', '127.0.0.1:9464', '127.0.0.1:10');
  }

  config(): Promise<Config> {
    return readConfigFile(this.file('config.yaml'), {});
  }

  replace(name: string, from: string, to: string): void {
    const text = readFileSync(this.file(name), 'utf8');
    expect(text).to.contain(from);
    this.write(name, text.replace(from, to));
  }

  write(name: string, text: string): void {
    mkdirSync(path.dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  delete(name: string): void {
    unlinkSync(this.file(name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Exactly one result has this text, in this state. */
export function having(results: readonly CheckResult[], state: CheckResult['state'], text: string): void {
  const found = results.filter(({ what }) => what.includes(text));
  expect(
    found.map((one) => one.state),
    `${text} in ${JSON.stringify(results, undefined, 1)}`,
  ).to.deep.equal([state]);
}
