import { expect } from 'chai';
import { type Finding, type Severity, unknownEvent } from '../../src/core/finding.ts';
import { type Route, RouteTree } from '../../src/routing/route-tree.ts';

interface Given {
  readonly severity?: Severity;
  readonly id?: string;
  readonly tags?: readonly string[];
  readonly namespace?: string;
  readonly cluster?: string;
}

function finding({ severity = 'medium', id = 'secrets-listed', tags = [], namespace, cluster = 'prod' }: Given = {}): Finding {
  const rule = { id, name: `Title of ${id}`, severity, author: undefined, licence: undefined, tags, covers: [] };
  const event = { ...unknownEvent, namespace };
  return { id: 'f', revision: 0, rule, time: '2026-11-29T12:00:00Z', cluster, event, evidence: {} };
}

const route = (given: Partial<Route>): Route => ({ match: {}, continue: false, mute: [], routes: [], ...given });
const sunday = { name: 'sunday', weekdays: ['sunday'] as const, from: '00:00', to: '00:00', timeZone: 'UTC' };
const onSunday = Date.parse('2026-11-29T12:00:00Z');

function decide(routes: readonly Route[], given?: Given, atMs = onSunday) {
  return new RouteTree({ sinks: ['rest'], routes, muteWindows: [sunday] }).decide(finding(given), atMs);
}

describe('routing/route-tree', () => {
  it('sends what no route matches to the default', () => {
    expect(decide([]).sinks).to.deep.equal(['rest']);
    expect(decide([route({ match: { minSeverity: 'high' }, sinks: ['pager'] })]).sinks).to.deep.equal(['rest']);
  });

  it('lets the first route that matches decide, unless it says to go on', () => {
    const first = { match: { minSeverity: 'low' as const }, sinks: ['a'] };
    expect(decide([route(first), route({ sinks: ['b'] })]).sinks).to.deep.equal(['a']);
    expect(decide([route({ ...first, continue: true }), route({ sinks: ['b'] })]).sinks).to.deep.equal(['a', 'b']);
  });

  it('asks every member of a match, of a list one entry', () => {
    const all: readonly [Route['match'], Given, boolean][] = [
      [{ minSeverity: 'medium', maxSeverity: 'medium' }, { severity: 'medium' }, true],
      [{ minSeverity: 'medium' }, { severity: 'low' }, false],
      [{ maxSeverity: 'medium' }, { severity: 'high' }, false],
      [{ rule: ['other', 'secrets-*'] }, {}, true],
      [{ rule: ['Title of secrets-listed'] }, {}, true],
      [{ rule: ['other'] }, {}, false],
      [{ tag: ['attack.credential-access'] }, { tags: ['attack.t1552', 'attack.credential-access'] }, true],
      [{ tag: ['attack.*'] }, {}, false],
      [{ namespace: ['kube-*'] }, { namespace: 'kube-system' }, true],
      [{ namespace: ['*'] }, {}, false],
      [{ cluster: ['prod'] }, { cluster: 'test' }, false],
      [{ cluster: ['prod'], namespace: ['shop'] }, { namespace: 'other' }, false],
    ];
    for (const [match, given, expected] of all)
      expect(decide([route({ match, sinks: ['x'] })], given).sinks, JSON.stringify(match)).to.deep.equal([
        expected ? 'x' : 'rest',
      ]);
  });

  it('lets inner routes decide, and the outer one where none of them matches', () => {
    const inner = [
      route({ match: { namespace: ['shop'] }, sinks: ['shop'] }),
      route({ match: { namespace: ['dev-*'] }, sinks: [] }),
    ];
    const routes = [route({ sinks: ['team'], routes: inner })];
    expect(decide(routes, { namespace: 'shop' }).sinks).to.deep.equal(['shop']);
    expect(decide(routes, { namespace: 'dev-1' }).sinks).to.deep.equal([]);
    expect(decide(routes, { namespace: 'other' }).sinks).to.deep.equal(['team']);
    expect(decide([route({ sinks: ['team'], routes: [route({})] })]).sinks).to.deep.equal(['team']);
  });

  it('sends nothing through a muted route or the routes inside it, and says so', () => {
    const routes = [
      route({ mute: ['sunday'], sinks: ['chat'], continue: true, routes: [route({})] }),
      route({ sinks: ['store'] }),
    ];
    expect(decide(routes)).to.deep.include({ sinks: ['store'], muted: ['chat'] });
    expect(decide(routes, {}, onSunday + 86_400_000)).to.deep.include({ sinks: ['chat', 'store'], muted: [] });
  });

  it('does not call a sink muted that another route sends to', () => {
    const routes = [route({ mute: ['sunday'], sinks: ['chat'], continue: true }), route({ sinks: ['chat'] })];
    expect(decide(routes)).to.deep.include({ sinks: ['chat'], muted: [] });
  });

  it('lists the routes it looked at, in the order of the file', () => {
    const routes = [
      route({ name: 'graver', match: { minSeverity: 'high' }, sinks: ['pager'] }),
      route({ name: 'team', sinks: ['team'], routes: [route({ match: { namespace: ['shop'] } }), route({ sinks: ['x'] })] }),
    ];
    expect(decide(routes).steps).to.deep.equal([
      { place: 'routes[0]', name: 'graver', depth: 0, failed: 'minSeverity' },
      { place: 'routes[1]', name: 'team', depth: 0 },
      { place: 'routes[1].routes[0]', name: undefined, depth: 1, failed: 'namespace' },
      { place: 'routes[1].routes[1]', name: undefined, depth: 1, sinks: ['x'] },
    ]);
  });
});
