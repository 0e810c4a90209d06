import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { checkCompleteness } from '../../src/doctor/check-completeness.ts';
import type { CheckResult } from '../../src/doctor/check-result.ts';
import { distros } from '../../src/wiring/distros.ts';
import { auditEvent, CliFolder } from '../cli/run-cli.ts';
import { DoctorFolder, having } from './doctor-folder.ts';

describe('doctor/check-completeness', function () {
  this.timeout(60_000);
  let folder: DoctorFolder;
  let server: Server;
  let page: string;
  /** The events say that they were made half a minute later. */
  const startedS = Date.parse('2026-05-04T08:59:30Z') / 1000;

  before(async () => {
    folder = new DoctorFolder();
    await folder.init({ kind: 'file', distro: { ...distros.generic, auditLog: folder.file('audit.log') } });
    writeFileSync(folder.file('audit.log'), Array.from({ length: 3 }, () => `${auditEvent()}\n`).join(''));
    folder.replace('config.yaml', '    path: ', '    follow: false\n    path: ');
    const cli = new CliFolder();
    const run = await cli.run(['run', '--config', folder.file('config.yaml'), '-o', 'none']);
    cli.remove();
    expect(run.code, run.stderr).to.equal(0);
    server = createServer((_, response) => response.end(page));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.close();
    folder.remove();
  });

  async function look(): Promise<readonly CheckResult[]> {
    const urls = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`];
    return checkCompleteness(await folder.config(), { urls, access: {}, waitMs: 0, nowMs: Date.now });
  }
  const metrics = (counted: number, started: number, more = ''): string =>
    `apiserver_audit_event_total ${counted}\nprocess_start_time_seconds ${started}\n${more}`;

  it('finds every event that kube-apiserver counted in the log', async () => {
    page = metrics(3, startedS, 'apiserver_audit_error_total{plugin="webhook"} 0\n');
    having(await look(), 'ok', 'counted 3 events');
  });

  it('does not count what was before kube-apiserver started', async () => {
    page = metrics(1, startedS + 3_600);
    having(await look(), 'failed', '1 are missing');
  });

  it('says how many are missing, and what kube-apiserver counted as lost', async () => {
    page = metrics(5, startedS, 'apiserver_audit_error_total{plugin="webhook"} 2\napiserver_audit_requests_rejected_total 1\n');
    const results = await look();
    having(results, 'failed', '2 are missing');
    having(results, 'failed', '2 audit events were lost');
    having(results, 'failed', '1 API requests were refused');
  });

  it('shows no word of an answer that kube-apiserver has not', async () => {
    page = metrics(5, startedS, 'apiserver_audit_error_total{plugin="planted\u001b[2J"} 2\n');
    const results = await look();
    having(results, 'failed', '2 audit events were lost (apiserver_audit_error_total, other)');
    expect(JSON.stringify(results)).to.not.contain('planted');
  });

  it('does not blame anybody for what was before the agent', async () => {
    page = metrics(5, startedS - 3_600);
    having(await look(), 'warning', '2 are missing');
  });

  it('says so where it is no page of a kube-apiserver with auditing', async () => {
    page = 'up 1\n';
    having(await look(), 'failed', 'no apiserver_audit_event_total');
  });
});
