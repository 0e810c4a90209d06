import { expect } from 'chai';
import { routingSchema } from '../../src/config/routing-schema.ts';

const messages = (value: unknown): readonly string[] =>
  (routingSchema.safeParse(value).error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);

describe('config/routing-schema', () => {
  it('fills in defaults at every depth', () => {
    const routing = routingSchema.parse({ routes: [{ routes: [{ match: { rule: ['x'] } }] }], muteWindows: [{ name: 'n' }] });
    expect(routing.routes[0]?.routes[0]).to.deep.equal({ match: { rule: ['x'] }, continue: false, mute: [], routes: [] });
    expect(routing.muteWindows[0]).to.deep.equal({ name: 'n', weekdays: [], from: '00:00', to: '00:00', timeZone: 'UTC' });
  });

  it('refuses unknown members, times, zones and empty lists', () => {
    expect(messages({ routes: [{ routes: [{ macth: {} }] }] })[0]).to.match(/^routes\.0\.routes\.0: /);
    expect(messages({ muteWindows: [{ name: 'n', from: '25:00' }] })[0]).to.match(/from: must be a time/);
    expect(messages({ muteWindows: [{ name: 'n', timeZone: 'Mars/Base' }] })[0]).to.match(/timeZone: must be the name/);
    expect(messages({ muteWindows: [{ name: 'n', expires: 'soon' }] })[0]).to.match(/expires: must be a date/);
    expect(messages({ routes: [{ match: { rule: [] } }] })).to.have.length(1);
  });
});
