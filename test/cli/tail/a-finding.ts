import { type Finding, type FindingEvent, type RuleInfo, unknownEvent } from '../../../src/core/finding.ts';

export const pseudonym = '[MASKED:user:k1:3f2a91bc0011aaff]';

export interface FindingParts extends Omit<Partial<Finding>, 'rule' | 'event'> {
  readonly rule?: Partial<RuleInfo>;
  readonly event?: Partial<FindingEvent>;
}

/** A finding as an agent would write it; what is given replaces members. */
export function aFinding({ rule, event, ...rest }: FindingParts = {}): Finding {
  return {
    id: '4fb540081122334455667788',
    revision: 1,
    rule: {
      ...{ id: 'r-1', name: 'Secret read', severity: 'high', author: undefined, licence: undefined },
      ...{ tags: ['attack.t1552.007'], covers: [] },
      ...rule,
    },
    time: '2026-05-04T09:14:22.123456Z',
    cluster: 'prod',
    event: {
      ...unknownEvent,
      ...{ user: pseudonym, verb: 'get', resource: 'secrets', namespace: 'shop', name: 'db', code: 200 },
      ...{ sourceIPs: ['203.0.113.7'], intent: 'kubectl get secrets db -n shop' },
      ...event,
    },
    evidence: { verb: ['get'], 'objectRef.resource': ['secrets'] },
    ...rest,
  };
}
