import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command line as built beside this test. */
export const mainFile = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for one suite: state, data and files, removed by `remove`. */
export class CliFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'auditveil-cli-'));

  file(name: string): string {
    return join(this.path, name);
  }

  env(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'] ?? '', HOME: this.path, XDG_STATE_HOME: join(this.path, 'state'), ...extra };
  }

  run(args: readonly string[], input: string | Uint8Array = '', env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
    const child = spawn(process.execPath, [mainFile, ...args], { cwd: this.path, env: this.env(env) });
    return new Promise((resolve, reject) => {
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      child.on('error', reject);
      child.stdin.on('error', () => undefined);
      child.on('close', (code) =>
        resolve({ code, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') }),
      );
      child.stdin.end(input);
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

let counter = 0;

/** An audit event as one JSON text; `extra` replaces or adds members. */
export function auditEvent(extra: Readonly<Record<string, unknown>> = {}): string {
  const id = String(counter++).padStart(12, '0');
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: `00000000-0000-4000-8000-${id}`,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/default/pods',
    verb: 'list',
    user: { username: 'alice@example.com', groups: ['system:authenticated'] },
    sourceIPs: ['203.0.113.7'],
    userAgent: 'kubectl/v1.30.0',
    objectRef: { resource: 'pods', namespace: 'default', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-05-04T09:00:00.000000Z',
    stageTimestamp: '2026-05-04T09:00:00.000000Z',
    ...extra,
  });
}

/** A rule that matches listing pods, with a title of its own. */
export const listPodsRule = `title: Pods listed
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b01
status: test
author: Tests
logsource: { product: kubernetes, service: audit }
detection:
  list: { verb: list, objectRef.resource: pods }
  condition: list
level: medium
`;
