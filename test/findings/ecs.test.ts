import { expect } from 'chai';
import { type Finding, severities } from '../../src/core/finding.ts';
import { createFormatter } from '../../src/findings/create-formatter.ts';
import { bare, full, leavesOf, product } from './support.ts';

interface Ecs {
  readonly [name: string]: unknown;
  readonly event: Readonly<Record<string, unknown>>;
  readonly auditveil: Readonly<Record<string, unknown>>;
}

const write = createFormatter('ecs', product);
const ecs = (finding: Finding): Ecs => JSON.parse(write(finding)) as Ecs;

/** Names in the field reference of ECS 8.17. Everything of our own stands below `auditveil`. */
const published = [
  ...['@timestamp', 'ecs.version', 'message', 'tags'],
  ...[
    'event.kind',
    'event.category',
    'event.type',
    'event.outcome',
    'event.id',
    'event.module',
    'event.dataset',
    'event.provider',
  ],
  ...['event.severity', 'event.action', 'event.start', 'event.end'],
  ...['rule.id', 'rule.name', 'rule.author', 'rule.license'],
  ...['threat.framework', 'threat.tactic.id', 'threat.tactic.name', 'threat.technique.id', 'threat.technique.subtechnique.id'],
  ...['observer.vendor', 'observer.product', 'observer.version', 'observer.type'],
  ...[
    'orchestrator.type',
    'orchestrator.cluster.name',
    'orchestrator.namespace',
    'orchestrator.resource.type',
    'orchestrator.resource.name',
  ],
  ...['user.name', 'source.ip', 'user_agent.original', 'http.response.status_code', 'related.ip', 'related.user'],
];
/** Allowed values of the categorization fields. */
const kinds = ['alert', 'asset', 'enrichment', 'event', 'metric', 'state', 'pipeline_error', 'signal'];
const outcomes = ['failure', 'success', 'unknown'];
const typesOfIntrusionDetection = ['allowed', 'denied', 'info'];

describe('findings/ecs', () => {
  it('uses published field names only, besides its own object', () => {
    for (const finding of [full, bare]) {
      const names = leavesOf(ecs(finding)).filter((name) => !name.startsWith('auditveil.'));
      expect(names.filter((name) => !published.includes(name))).to.deep.equal([]);
    }
  });

  it('uses allowed values of the categorization fields', () => {
    for (const code of [undefined, 101, 200, 201, 401, 403, 404, 500]) {
      const { event } = ecs({ ...full, event: { ...full.event, code } });
      expect(kinds).to.include(event['kind']);
      expect(outcomes).to.include(event['outcome']);
      expect(event['category']).to.deep.equal(['intrusion_detection']);
      for (const type of event['type'] as readonly string[]) expect(typesOfIntrusionDetection).to.include(type);
    }
    const result = (code: number) => {
      const { outcome, type } = ecs({ ...full, event: { ...full.event, code } }).event;
      return [outcome, ...(type as string[])];
    };
    expect([200, 403, 404].map(result)).to.deep.equal([
      ['success', 'allowed'],
      ['failure', 'denied'],
      ['failure', 'info'],
    ]);
  });

  it('never fills event.original, and makes no field of a name that a rule or a user chose', () => {
    const names = leavesOf(ecs(full));
    expect(names).not.to.include('event.original');
    expect(names.filter((name) => name.startsWith('auditveil.'))).to.include.members([
      'auditveil.evidence.field',
      'auditveil.evidence.values',
      'auditveil.episode.group.field',
    ]);
    expect(names.some((name) => name.includes('authorization') || name.includes('sourceIPs'))).to.equal(false);
  });

  it('gives addresses to fields of the type ip only where they are addresses', () => {
    const made = ecs({ ...full, event: { ...full.event, sourceIPs: ['192.0.2.7', '2001:db8::7', 'not-an-address'] } });
    expect(made['source']).to.deep.equal({ ip: '2001:db8::7' });
    expect(made['related']).to.deep.equal({ ip: ['192.0.2.7', '2001:db8::7'], user: [full.event.user] });
    expect(ecs(bare)).not.to.have.any.keys('source', 'user', 'http', 'threat');
  });

  it('grows its severity with ours', () => {
    const numbers = severities.map((severity) => Number(ecs({ ...full, rule: { ...full.rule, severity } }).event['severity']));
    expect(numbers).to.deep.equal([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).to.equal(numbers.length);
  });

  it('credits the author in a list, and gives techniques and sub-techniques', () => {
    expect(ecs(full)['rule']).to.deep.equal({ id: full.rule.id, name: full.rule.name, author: ['Somebody'], license: 'DRL 1.1' });
    expect(ecs(full)['threat']).to.deep.include({ technique: { id: ['T1098', 'T1078'], subtechnique: { id: ['T1098.006'] } } });
  });
});
