import { Posture, type PostureOptions, type PostureReport } from '../../src/detection/posture/posture.ts';
import type { PracticeReport } from '../../src/detection/posture/practice.ts';

type Json = Readonly<Record<string, unknown>>;

/** Start of the time of test events. */
export const startMs = Date.parse('2026-05-04T09:00:00Z');

const groups: Readonly<Record<string, string>> = {
  deployments: 'apps',
  replicasets: 'apps',
  statefulsets: 'apps',
  jobs: 'batch',
  cronjobs: 'batch',
  networkpolicies: 'networking.k8s.io',
  roles: 'rbac.authorization.k8s.io',
  rolebindings: 'rbac.authorization.k8s.io',
  clusterroles: 'rbac.authorization.k8s.io',
  clusterrolebindings: 'rbac.authorization.k8s.io',
};

/** A masked audit event of a change: `create deployments shop/web`. `extra` replaces or adds members. */
export function change(text: string, extra: Json = {}): Json {
  const [verb = '', kind = '', place = ''] = text.split(' ');
  const [resource = '', subresource] = kind.split('/');
  const [name = '', namespace] = place.split('/').reverse();
  return {
    kind: 'Event',
    level: 'Request',
    stage: 'ResponseComplete',
    verb,
    user: { username: '[MASKED:user:k1:0123456789abcdef]', groups: ['system:authenticated'] },
    userAgent: 'kubectl/v1.31.0 (linux/amd64)',
    requestURI: '/apis',
    objectRef: {
      resource,
      apiVersion: 'v1',
      name,
      ...(groups[resource] === undefined ? {} : { apiGroup: groups[resource] }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(subresource === undefined ? {} : { subresource }),
    },
    responseStatus: { code: verb === 'create' ? 201 : 200 },
    ...extra,
  };
}

/** A deployment with these containers as the body of a request. */
export const deployment = (...containers: readonly Json[]): Json => ({
  requestObject: { metadata: { name: 'web' }, spec: { template: { spec: { containers } } } },
});

export interface TimedEvent {
  readonly atMs: number;
  readonly event: Json;
}

/** The report of events a second apart; an event may stand at a time of its own. */
export function postureOf(events: readonly (Json | TimedEvent)[], options: PostureOptions = {}): PostureReport {
  const posture = new Posture(options);
  events.forEach((given, i) => {
    const timed = 'atMs' in given ? (given as TimedEvent) : { atMs: i * 1000, event: given };
    posture.observe(timed.event, startMs + timed.atMs);
  });
  return posture.report();
}

export function practiceOf(id: string, events: readonly (Json | TimedEvent)[], options: PostureOptions = {}): PracticeReport {
  const found = postureOf(events, options).practices.find((practice) => practice.id === id);
  if (!found) throw new Error(`no practice ${id}`);
  return found;
}

/** What the examples of a practice name. */
export const namesOf = (id: string, events: readonly (Json | TimedEvent)[], options: PostureOptions = {}): readonly string[] =>
  practiceOf(id, events, options).examples.map(({ what }) => what);
