import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WebConfig, webSchema } from '../../src/config/web-schema.ts';
import { type Finding, type Severity, unknownEvent } from '../../src/core/finding.ts';
import type { Review, Silence } from '../../src/core/review.ts';
import { openLog } from '../../src/log/open-log.ts';
import { encodeEntries, type LogEntry } from '../../src/log/record-encoder.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { openWeb } from '../../src/web/open-web.ts';
import type { WebNote, WebPorts } from '../../src/web/web-ports.ts';
import type { WebServer } from '../../src/web/web-server.ts';

const beginMs = Date.UTC(2026, 4, 4, 9);

export function makeFinding(number: number, extra: Partial<Finding> = {}, severity: Severity = 'medium'): Finding {
  return {
    id: `f${String(number).padStart(6, '0')}`,
    revision: 1,
    rule: {
      id: 'rule-a',
      name: 'Pods listed',
      severity,
      author: 'Tests',
      licence: undefined,
      tags: ['attack.t1613'],
      covers: [],
    },
    time: new Date(beginMs + number * 1000).toISOString(),
    cluster: 'test',
    event: { ...unknownEvent, user: 'alice', verb: 'list', resource: 'pods', namespace: 'shop', sourceIPs: ['192.0.2.1'] },
    evidence: {},
    ...extra,
  };
}

export const makeReview = (finding: string, action: Review['action'], text?: string): Review => ({
  ...{ note: 'review', at: new Date(beginMs).toISOString(), by: { name: 'bob' }, action, finding },
  ...(text !== undefined && { text }),
});

export const makeSilence = (id: string, match: Silence['match'], untilMs: number): Silence => ({
  ...{ note: 'silence', at: new Date(beginMs).toISOString(), by: { name: 'bob' }, id, match },
  until: new Date(untilMs).toISOString(),
});

/** A data folder with a findings log that is written here. */
export class WebFolder {
  readonly path: string;
  readonly log: SegmentLog;

  private constructor(path: string, log: SegmentLog) {
    this.path = path;
    this.log = log;
  }

  static async make(): Promise<WebFolder> {
    const path = await mkdtemp(join(tmpdir(), 'auditveil-web-'));
    return new WebFolder(
      path,
      await openLog({ directory: join(path, 'findings'), name: 'findings', clock: { nowMs: Date.now } }),
    );
  }

  async write(...values: readonly (Finding | Review | Silence)[]): Promise<void> {
    const receivedAtUs = Date.now() * 1000;
    const entries = values.map(
      (value): LogEntry =>
        'note' in value ? { type: 'note', value: { ...value }, receivedAtUs } : { type: 'finding', value, receivedAtUs },
    );
    await this.log.append(encodeEntries(entries));
  }

  async remove(): Promise<void> {
    await this.log.close();
    await rm(this.path, { recursive: true, force: true });
  }
}

export interface TestWeb {
  readonly server: WebServer;
  readonly url: string;
  readonly notes: readonly WebNote[];
  /** A call with a bearer token, or with other headers. */
  call(path: string, init?: RequestInit): Promise<Response>;
}

export interface TestWebOptions {
  readonly stalledMs?: number;
  readonly token?: string;
  readonly config?: Partial<WebConfig>;
  readonly ports?: Partial<WebPorts>;
}

/** The server over a data folder, on a free port. */
export async function startWeb(
  path: string,
  { token, config = {}, ports = {}, stalledMs }: TestWebOptions = {},
): Promise<TestWeb> {
  const notes: WebNote[] = [];
  const { server, url } = await openWeb(
    { ...webSchema.parse({ listen: '127.0.0.1:8090' }), ...config, listen: '127.0.0.1:0' },
    {
      ...{ cluster: 'test', version: '0.0.0', dataDirectory: path, clock: { nowMs: Date.now }, live: () => undefined },
      note: (note) => {
        notes.push(note);
        return Promise.resolve();
      },
      waiting: () => Promise.resolve([]),
      redeem: () => Promise.resolve(undefined),
      maskText: (text) => Promise.resolve(text.replaceAll('hunter2', '[MASKED:password]')),
      notice: () => undefined,
      ...ports,
    },
    stalledMs,
  );
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    ...{ server, url, notes },
    call: (target, init = {}) => fetch(`${url}/api/v1${target}`, { ...init, headers: { ...headers, ...init.headers } }),
  };
}
