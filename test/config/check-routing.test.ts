import { expect } from 'chai';
import { checkRouting } from '../../src/config/check-routing.ts';
import { routingSchema } from '../../src/config/routing-schema.ts';

const check = (value: unknown) => checkRouting(routingSchema.parse(value), ['pager', 'chat']);

describe('config/check-routing', () => {
  it('accepts names that exist', () => {
    const routes = [{ sinks: ['pager'], mute: ['nights'], routes: [{ sinks: [] }] }];
    expect(check({ sinks: ['chat'], routes, muteWindows: [{ name: 'nights' }] })).to.deep.equal([]);
  });

  it('names the place of each that does not, and what was meant', () => {
    const faults = check({ sinks: ['chta'], routes: [{ routes: [{ sinks: ['pager', 'mail'], mute: ['nights'] }] }] });
    expect(faults.map(({ path }) => path.join('.'))).to.deep.equal([
      'routing.sinks.0',
      'routing.routes.0.routes.0.sinks.1',
      'routing.routes.0.routes.0.mute.0',
    ]);
    expect(faults[0]?.remedy).to.equal('Did you mean `chat`?');
    expect(faults[1]?.remedy).to.equal('Known: pager, chat.');
    expect(faults[2]?.message).to.equal('there is no mute window of this name');
  });
});
