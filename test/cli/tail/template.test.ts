import { expect } from 'chai';
import { compileTemplate } from '../../../src/cli/tail/template.ts';
import { aFinding, pseudonym } from './a-finding.ts';

const render = (template: string, finding = aFinding()): string => compileTemplate(template)(finding);

describe('cli/tail/template', () => {
  it('puts members in, lists with commas, what is absent as a dash', () => {
    expect(render('{rule.severity} {event.user}\\t{event.sourceIPs} {episode.count} {{x}}')).to.equal(
      `high ${pseudonym}\t203.0.113.7 - {x}`,
    );
    expect(render('{evidence.objectRef.resource} {evidence.nothing}')).to.equal('secrets -');
    const episode = { id: 'e', count: 2, first: '', last: '', group: { 'user.username': 'a' } };
    expect(render('{episode.group.user.username}x{episode.count}', aFinding({ episode }))).to.equal('ax2');
  });

  it('shows control characters of values and of its own text', () => {
    expect(render('{event.name}', aFinding({ event: { name: 'a\u001b[31m\nb' } }))).to.equal('a·[31m·b');
    expect(render('a\u001bb{id}')).to.match(/^a·b4fb5/);
  });

  it('refuses members that do not exist, and looks nothing else up', () => {
    for (const path of ['event.usr', 'constructor', 'event.__proto__', 'event', '', 'rule.name.length', 'toString'])
      expect(() => render(`{${path}}`), path).to.throw('names a member that findings do not have');
    expect(render('{evidence.__proto__} {evidence.constructor}')).to.equal('- -');
    expect(() => render('{id')).to.throw('without its `}`');
    expect(() => render('id}')).to.throw('without its `{`');
  });
});
