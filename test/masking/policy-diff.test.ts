import { expect } from 'chai';
import type { PolicyId } from '../../src/masking/policy.ts';
import { type FieldChange, PolicyDiff } from '../../src/masking/policy-diff.ts';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { traceEngine } from '../../src/pipeline/trace-engine.ts';
import { testKeyRing, tileOf } from '../support/inspect-lines.ts';

const event = (more: object): string => JSON.stringify({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', verb: 'update', ...more });

describe('masking/policy-diff', function () {
  this.timeout(60_000);
  interface Choice {
    readonly policy: PolicyId;
    readonly keepUsers?: readonly string[];
    readonly pack?: string;
  }

  async function diffOf(before: Choice, after: Choice, events: readonly string[]): Promise<readonly FieldChange[]> {
    const packFiles = await shippedPacks();
    const open = ({ policy, keepUsers = [], pack }: Choice) => {
      const files = pack === undefined ? packFiles : [...packFiles, { file: 'own.yml', text: pack }];
      const engine = loadEngine({ policy, enable: [], keepUsers, packFiles: files, ruleFiles: [], keyRing: testKeyRing });
      return { engine, tracer: traceEngine(engine, testKeyRing) };
    };
    const [first, second] = [open(before), open(after)];
    const diff = new PolicyDiff(first.engine.plan, second.engine.plan);
    for (const text of events) {
      const { bytes, starts, ends } = tileOf([text]);
      const [from, to] = [starts[0] ?? 0, ends[0] ?? 0];
      diff.add(first.tracer.trace(bytes, from, to), second.tracer.trace(bytes, from, to));
    }
    return diff.changes();
  }

  it('is empty between a policy and itself', async () => {
    const events = [event({ user: { username: 'jane' }, requestObject: { kind: 'Secret', data: { a: 'YXBwbGUtcGll' } } })];
    expect(await diffOf({ policy: 'standard' }, { policy: 'standard' }, events)).to.deep.equal([]);
  });

  it('says what a weaker policy exposes, by field and kind, with numbers of values and events', async () => {
    const events = [
      event({ user: { username: 'jane' }, responseStatus: { message: 'from 203.0.113.7, 198.51.100.9' } }),
      event({ user: { username: 'joe' } }),
    ];
    const changes = await diffOf({ policy: 'standard' }, { policy: 'secrets-only' }, events);
    expect(changes).to.deep.include({
      change: 'exposed',
      field: 'user.username',
      kind: 'user',
      action: 'pseudonymise',
      values: 2,
      events: 2,
    });
    expect(changes.find(({ kind }) => kind === 'ip')).to.include({ change: 'exposed', values: 2, events: 1 });
    expect(changes.every(({ change }) => change === 'exposed')).to.equal(true);
    const back = await diffOf({ policy: 'secrets-only' }, { policy: 'standard' }, events);
    expect(back.map(({ change, values }) => [change, values]).sort()).to.deep.equal(
      changes.map(({ values }) => ['masked', values]).sort(),
    );
  });

  it('takes a value inside a text that is masked whole for covered, and its return for exposed', async () => {
    const inner = JSON.stringify({ kind: 'ConfigMap', data: { note: 'mail jane@example.com now' } });
    const events = [event({ requestObject: { kind: 'ConfigMap', data: { 'copy.json': inner } } })];
    const strict = await diffOf({ policy: 'standard' }, { policy: 'strict' }, events);
    expect(strict.filter(({ change }) => change === 'exposed')).to.deep.equal([]);
    const back = await diffOf({ policy: 'strict' }, { policy: 'standard' }, events);
    expect(back.some(({ change, kind }) => change === 'exposed' && kind === 'body')).to.equal(true);
  });

  it('says which users a policy keeps, and what is masked as another kind', async () => {
    const events = [event({ user: { username: 'jane' }, impersonatedUser: { username: 'joe' } })];
    expect(await diffOf({ policy: 'standard' }, { policy: 'standard', keepUsers: ['jane'] }, events)).to.deep.equal([
      { change: 'exposed', field: 'user.username', kind: 'user', action: 'pseudonymise', values: 1, events: 1 },
    ]);
    const pack = `id: own
summary: Ticket numbers.
rules:
  - { id: ticket, kind: ticket, category: secret, about: Tickets., structure: { in: event, mask: userAgent } }
examples:
  - { name: a, rule: ticket, event: { userAgent: a-ticket-9 }, gone: a-ticket-9 }
  - { name: b, rule: ticket, event: { verb: get }, unchanged: true }
`;
    const changed = await diffOf({ policy: 'standard' }, { policy: 'standard', pack }, [
      event({ userAgent: 'jane@example.com' }),
    ]);
    expect(changed).to.deep.equal([
      {
        change: 'changed',
        field: 'userAgent',
        kind: 'email',
        action: 'pseudonymise',
        now: 'ticket (redact)',
        values: 1,
        events: 1,
      },
    ]);
  });

  it('names no key that only the event knows', async () => {
    const key = 'acme-merger-with-umbrella';
    const events = [
      event({
        requestObject: { kind: 'ConfigMap', data: { [key]: 'mail jane@example.com now' }, [key]: [{ [key]: '203.0.113.7' }] },
      }),
    ];
    const changes = await diffOf({ policy: 'standard' }, { policy: 'secrets-only' }, events);
    expect(changes.length).to.equal(2);
    expect(JSON.stringify(changes)).not.to.include('umbrella').and.not.to.include('jane');
    expect(changes.map(({ field }) => field).sort()).to.deep.equal(['requestObject.*[*].*', 'requestObject.data.*']);
  });
});
