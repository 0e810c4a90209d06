import { expect } from 'chai';
import type { Finding, Severity } from '../../../src/core/finding.ts';
import { chatMessage } from '../../../src/sinks/chat/chat-message.ts';
import { bare, full } from '../../findings/support.ts';

const finding = (n: number, severity: Severity, more: Partial<Finding> = {}): Finding => ({
  ...full,
  ...{ id: `f-${n}`, revision: 1 },
  rule: { ...full.rule, severity, name: `Rule ${severity}` },
  ...more,
});
const options = { details: 2, updates: false };

describe('sinks/chat/chat-message', () => {
  it('shows the gravest in full and counts the others by rule', () => {
    const findings = [finding(1, 'low'), finding(2, 'high'), finding(3, 'low'), finding(4, 'critical'), finding(5, 'medium')];
    const message = chatMessage(findings, options);
    expect(message?.title).to.equal('5 findings in lab: 1 critical, 1 high, 1 medium, 2 low');
    expect(message?.gravest).to.equal('critical');
    expect(message?.details.map(({ severity }) => severity)).to.deep.equal(['high', 'critical']);
    expect(message?.rest).to.deep.equal(['1 × medium Rule medium', '2 × low Rule low']);
    expect(Object.fromEntries(message!.details[0]!.lines)).to.include({
      did: 'create pods/exec shop/web-0',
      from: '192.0.2.7',
      times: '7',
      id: 'f-2',
    });
  });

  it('tells of each episode once, unless updates are wanted, and of merged ones never', () => {
    const merged = finding(2, 'high', { episode: { ...full.episode!, mergedInto: 'e' } });
    const later = finding(1, 'high', { revision: 3 });
    expect(chatMessage([merged, later], options)).to.equal(undefined);
    const message = chatMessage([merged, later], { ...options, updates: true });
    expect(message?.title).to.equal('1 finding in lab: 1 high');
    expect(message?.details[0]?.lines.at(-1)).to.deep.equal(['id', 'f-1 revision 3']);
  });

  it('is bounded whatever comes, and confines what others chose', () => {
    const event = { ...full.event, name: '<!channel>'.repeat(1_000), userAgent: 'https://evil.example.com '.repeat(1_000) };
    const many = Array.from({ length: 3_000 }, (_, n) =>
      finding(n, 'high', { event, rule: { ...full.rule, name: `${n} ${'x'.repeat(1_000)}` } }),
    );
    const text = JSON.stringify(chatMessage(many, { ...options, details: 20 }));
    expect(text.length).to.be.lessThan(60_000);
    expect(text).not.to.match(/<!channel>|https:\/\//);
    expect(chatMessage([bare], { ...options, linkUrl: 'https://s.example.com/{id}' })?.details[0]?.link).to.equal(
      'https://s.example.com/f00e',
    );
  });
});
