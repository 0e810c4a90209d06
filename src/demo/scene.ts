import { goJson } from './go-json.ts';
import type { Planter } from './plant.ts';
import type { SeededRandom } from './random.ts';

/** Who calls: the part of an event that is the same in all of one caller's requests. */
export interface Caller {
  readonly user: {
    readonly username?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: object;
  };
  readonly ip: string;
  readonly agent: string;
  /** Why authorization allowed it. */
  readonly reason?: string;
}

/** One request, as far as it differs from request to request. */
export interface Request {
  /** Milliseconds from the start of the recording. */
  readonly at: number;
  readonly by: Caller;
  readonly verb: string;
  readonly uri: string;
  readonly object?: Readonly<Record<string, string>>;
  /** HTTP status; 200 where absent. */
  readonly code?: number;
  readonly level?: 'Metadata' | 'Request' | 'RequestResponse';
  readonly stage?: 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete';
  readonly request?: object;
  readonly response?: object;
  readonly message?: string;
  readonly impersonated?: object;
}

/** One line of the recording. */
export interface RecordedEvent {
  /** Milliseconds from the start of the recording. */
  readonly at: number;
  readonly line: string;
}

/** What the parts of the recording write to. */
export interface Scene {
  readonly random: SeededRandom;
  readonly plant: Planter;
  /** RFC 3339 of a moment of the recording, in whole seconds. */
  time(at: number): string;
  add(request: Request): void;
}

const reasonOf = (code: number): string =>
  code === 401 ? 'Unauthorized' : code === 403 ? 'Forbidden' : code === 404 ? 'NotFound' : '';

function statusOf(request: Request, code: number): object {
  if (code < 400) return { metadata: {}, code };
  const message = request.message === undefined ? {} : { message: request.message };
  return { metadata: {}, status: 'Failure', ...message, reason: reasonOf(code), code };
}

function annotationsOf(request: Request, code: number): object {
  if (code === 401) return {};
  const decision = code === 403 ? 'forbid' : 'allow';
  return {
    annotations: {
      'authorization.k8s.io/decision': decision,
      'authorization.k8s.io/reason': decision === 'allow' ? (request.by.reason ?? '') : '',
    },
  };
}

/** The event in the member order of audit.k8s.io/v1 (kubernetes: staging/src/k8s.io/apiserver/pkg/apis/audit/v1/types.go). */
function eventOf(request: Request, id: string, received: string, staged: string): object {
  const code = request.code ?? 200;
  const { username, uid, groups, extra } = request.by.user;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: request.level ?? 'Metadata',
    auditID: id,
    stage: request.stage ?? 'ResponseComplete',
    requestURI: request.uri,
    verb: request.verb,
    user: { ...(username && { username }), ...(uid && { uid }), ...(groups && { groups }), ...(extra && { extra }) },
    ...(request.impersonated && { impersonatedUser: request.impersonated }),
    sourceIPs: [request.by.ip],
    userAgent: request.by.agent,
    ...(request.object && { objectRef: request.object }),
    responseStatus: statusOf(request, code),
    ...(request.request && { requestObject: request.request }),
    ...(request.response && { responseObject: request.response }),
    requestReceivedTimestamp: received,
    stageTimestamp: staged,
    ...annotationsOf(request, code),
  };
}

/** Collects events; `startMs` (since the epoch) is the recording's time zero. */
export function createScene(random: SeededRandom, plant: Planter, startMs: number): Scene & { readonly events: RecordedEvent[] } {
  const events: RecordedEvent[] = [];
  const micros = (at: number): string => new Date(startMs + at).toISOString().replace('Z', `${random.between(100, 999)}Z`);
  return {
    random,
    plant,
    events,
    time: (at) => `${new Date(startMs + at).toISOString().slice(0, 19)}Z`,
    add: (request) => {
      const staged = request.at + random.between(1, 9);
      events.push({ at: staged, line: goJson(eventOf(request, random.uuid(), micros(request.at), micros(staged))) });
    },
  };
}
