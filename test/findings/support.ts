import { type Finding, unknownEvent } from '../../src/core/finding.ts';

export const product = { name: 'Auditveil', version: '1.2.3' };

/** A finding with everything in it. */
export const full: Finding = {
  id: 'f00d',
  revision: 2,
  rule: {
    id: '00000000-0000-4000-8000-000000000001',
    name: 'Administrator role bound',
    severity: 'high',
    author: 'Somebody',
    licence: 'DRL 1.1',
    tags: ['attack.privilege-escalation', 'attack.persistence', 'attack.t1098.006', 'attack.t1078', 'cve.2018-18264'],
    covers: ['PE08'],
  },
  time: '2026-05-04T10:00:00.000001Z',
  cluster: 'lab',
  event: {
    auditID: 'a-1',
    stage: 'ResponseComplete',
    index: 3,
    user: '[MASKED:user:k1:0011223344556677]',
    verb: 'create',
    resource: 'pods/exec',
    namespace: 'shop',
    name: 'web-0',
    sourceIPs: ['203.0.113.5', '192.0.2.7'],
    userAgent: 'kubectl/v1.31.0',
    code: 201,
  },
  evidence: { verb: ['create'], 'annotations.authorization.k8s.io/decision': ['allow', 'forbid'] },
  episode: {
    id: 'e-1',
    count: 7,
    first: '2026-05-04T09:59:00.000000Z',
    last: '2026-05-04T10:00:00.000001Z',
    group: { sourceIPs: '192.0.2.7' },
  },
};

/** A finding about a stub: next to nothing is known. */
export const bare: Finding = {
  id: 'f00e',
  revision: 1,
  rule: {
    id: 'auditveil.stub',
    name: 'Stub',
    severity: 'informational',
    author: undefined,
    licence: undefined,
    tags: [],
    covers: [],
  },
  time: '2026-05-04T10:00:00.000000Z',
  cluster: '',
  event: unknownEvent,
  evidence: {},
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Dotted names of all leaves; the elements of lists share the name of the list. */
export function leavesOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? [path] : value.flatMap((item) => leavesOf(item, path));
  if (!isObject(value)) return value === undefined ? [] : [path];
  const members = Object.entries(value);
  return members.flatMap(([name, item]) => leavesOf(item, path === '' ? name : `${path}.${name}`));
}
