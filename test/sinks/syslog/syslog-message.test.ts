import { expect } from 'chai';
import fc from 'fast-check';
import { paramValue, structuredData } from '../../../src/sinks/syslog/structured-data.ts';
import { cutBytes, type MessageOptions, type SyslogEntry, syslogMessage } from '../../../src/sinks/syslog/syslog-message.ts';

const options: MessageOptions = {
  facility: 'local0',
  hostname: 'node-1',
  appName: 'auditveil',
  enterpriseNumber: 32473,
  maxMessageBytes: 2048,
};
const entry: SyslogEntry = {
  severity: 3,
  timeUs: Date.UTC(2026, 4, 4, 10, 15) * 1000 + 7,
  kind: 'finding',
  params: { id: 'f"1]\\', user: undefined, code: 403 },
  text: 'Exec: jane',
};
const message = (more: Partial<SyslogEntry> = {}, opts: Partial<MessageOptions> = {}) =>
  syslogMessage({ ...entry, ...more }, { ...options, ...opts }).toString('utf8');

/** Header and structured data of RFC 5424 §6, written down independently of what writes them. */
const grammar =
  /^<\d{1,3}>1 (?:-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) [\x21-\x7e]{1,255} [\x21-\x7e]{1,48} - [\x21-\x7e]{1,32} \[[^\s=\]"]{1,32}(?: [^\s=\]"]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*\] [^\n]*$/u;

describe('sinks/syslog message', () => {
  it('writes RFC 5424', () => {
    expect(message()).to.equal(
      '<131>1 2026-05-04T10:15:00.000007Z node-1 auditveil - finding [auditveil@32473 id="f\\"1\\]\\\\" code="403"] Exec: jane',
    );
    expect(message({ timeUs: 0 }, { hostname: '', facility: 'audit' })).to.match(/^<107>1 - - auditveil/);
  });

  it('stays within the grammar and the size whatever a value holds', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab"]\\= \n\r\u2028\u0000é😀\u202e'), maxLength: 400 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 512, max: 3000 }), (value, host, maxMessageBytes) => {
        const bytes = syslogMessage(
          { ...entry, params: { id: value, rule: value, user: value }, text: 'é'.repeat(value.length * 5) },
          { ...options, hostname: host.slice(0, 60), maxMessageBytes },
        );
        return bytes.length <= maxMessageBytes && grammar.test(bytes.toString('utf8'));
      }),
    );
  });

  it('marks what it cuts, and cuts neither characters nor masks', () => {
    const cut = message({ text: 'ü'.repeat(2000) });
    expect(cut).to.contain('truncated="4000"').and.to.match(/ü…$/);
    expect(Buffer.byteLength(cut)).to.be.within(2040, 2048);
    const masked = `${'x'.repeat(20)} [MASKED:user:k1:0123456789abcdef] after`;
    for (let bytes = 22; bytes < 54; bytes++)
      expect(cutBytes(masked, bytes))
        .to.match(/…$/)
        .and.not.to.match(/\[MASKED:[^\]]*…/);
    expect(cutBytes(masked, 100)).to.equal(masked);
  });

  it('keeps line ends and controls out of values', () => {
    expect(paramValue('a\r\nb\u001b[0m\u2028\u202e')).to.equal('a  b [0m  '.replace('[0m', '[0m'));
    expect(structuredData('a@1', { b: 'c', d: 'x'.repeat(100), e: 'f' }, 30)).to.equal('[a@1 b="c"]');
  });
});
