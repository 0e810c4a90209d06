import { expect } from 'chai';
import { emailSink } from '../../../src/config/sinks/email.ts';
import type { Outcome } from '../../../src/core/delivery.ts';
import { recordTypes } from '../../../src/core/record.ts';
import { escapeHtml } from '../../../src/sinks/email/email-message.ts';
import { EmailSink } from '../../../src/sinks/email/email-sink.ts';
import { maskedRecord } from '../../support/masked-record.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch, contractFinding } from '../contract-records.ts';
import { sinkContract } from '../sink-contract.ts';
import { readMail, SmtpFake } from './smtp-fake.ts';

const never = new AbortController().signal;
const parse = (port: number, more: object = {}) =>
  emailSink.options.parse({
    ...{ type: 'email', host: '127.0.0.1', port, security: 'none', messageIntervalMs: 0, timeoutMs: 2_000 },
    ...{ from: 'auditveil@example.com', to: ['soc@example.com', 'second@example.com'], ...more },
  });
const faultOf = (outcome: Outcome | undefined) =>
  outcome?.status === 'errored' || outcome?.status === 'rejected' ? outcome.fault : undefined;

describe('sinks/email/email-sink', () => {
  let fake: SmtpFake;
  let port = 0;
  beforeEach(async () => {
    fake = new SmtpFake();
    port = await fake.listen();
  });
  afterEach(() => fake.stop());
  const sink = (more: object = {}) => new EmailSink(parse(port, more), testSinkContext());

  it('sends one message for a batch, as text and as HTML, to all recipients', async () => {
    const outcomes = await sink({ details: 2 }).write(contractBatch('findings', 0, 5), never);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(Array(5).fill('delivered'));
    expect(fake.recipients).to.deep.equal(['soc@example.com', 'second@example.com']);
    expect(fake.messages).to.have.length(1);
    const { headers, subject, parts } = readMail(fake.messages[0]!);
    expect(subject).to.match(/^\[Auditveil\] 5 findings.*: .*\d high/);
    expect(headers)
      .to.match(/^Auto-Submitted: auto-generated$/m)
      .and.to.match(/^Message-ID: <[0-9a-f]{32}@example\.com>$/m);
    expect(parts).to.have.length(2);
    for (const part of parts) expect(part).to.contain('Administrator role bound');
    expect(parts[1])
      .to.contain('<h2>')
      .and.not.to.match(/<(?:script|img|link|iframe)/i);
  });

  it('lets no value of an event into a header, or markup into the HTML', async () => {
    const evil = 'x\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script> & "quoted" https://evil.example.com';
    const base = contractFinding(1, evil) as { readonly rule: object };
    const record = maskedRecord({ ...base, cluster: evil, rule: { ...base.rule, name: evil } }, { type: recordTypes.finding });
    await sink().write({ records: [record], end: { segment: 1, offset: 1 } }, never);
    const { headers, parts } = readMail(fake.messages[0]!);
    expect(headers).not.to.match(/^Bcc:/im);
    expect(fake.recipients).not.to.include('victim@example.com');
    expect(headers.match(/^(?:From|To|Subject|Message-ID|Date|Auto-Submitted|MIME-Version|Content-Type): /gm)).to.have.length(8);
    expect(parts[1])
      .not.to.match(/<script/i)
      .and.not.to.contain('https://evil');
    expect(escapeHtml(`<a href="x">'&`)).to.equal('&#60;a href=&#34;x&#34;&#62;&#39;&#38;');
  });

  it('gives a repeat the same Message-ID, and other findings another', async () => {
    const to = sink();
    for (const from of [0, 0, 3]) await to.write(contractBatch('findings', from, 3), never);
    const ids = fake.messages.map((message) => /^Message-ID: (.*)$/m.exec(readMail(message).headers)?.[1]);
    expect(ids[0]).to.equal(ids[1]).and.not.to.equal(ids[2]);
  });

  it('does not send two messages within its interval', async () => {
    const to = sink({ messageIntervalMs: 120 });
    const began = Date.now();
    for (const from of [0, 1, 2]) await to.write(contractBatch('findings', from, 1), never);
    expect(Date.now() - began).to.be.at.least(230);
  });

  it('sends nothing and no password where the server offers no TLS', async () => {
    fake.answer = (verb) => (verb === 'AUTH' ? '235 thanks' : undefined);
    const [outcome] = await sink({ security: 'starttls', user: 'u', password: 'p' }).write(
      contractBatch('findings', 0, 1),
      never,
    );
    expect(faultOf(outcome)?.remedy).to.contain('STARTTLS');
    expect(fake.messages).to.deep.equal([]);
  });

  it('says what the server does not take, in words of its own', async () => {
    const answers: readonly (readonly [verb: string, answer: string, status: string, remedy: string])[] = [
      ['RCPT', '550 planted-words', 'errored', '`to`'],
      ['MAIL', '553 planted-words', 'errored', '`from`'],
      ['.', '451 planted-words', 'errored', 'by itself'],
      ['.', '554 planted-words', 'rejected', 'log'],
    ];
    for (const [verb, answer, status, remedy] of answers) {
      fake.answer = (command) => (command === verb ? answer : undefined);
      const [outcome] = await sink().write(contractBatch('findings', 0, 1), never);
      const fault = faultOf(outcome);
      expect([outcome?.status, fault?.message], answer).to.satisfy(
        ([said, message]: string[]) => said === status && !message!.includes('planted'),
      );
      expect(fault?.remedy).to.contain(remedy);
    }
  });

  it('says that nobody listens', async () => {
    await fake.stop();
    const [outcome] = await sink().write(contractBatch('findings', 0, 1), never);
    expect(faultOf(outcome)?.message).to.equal('127.0.0.1: nobody listens there');
  });

  it('takes plain addresses only', () => {
    for (const to of ['a@b\r\nBcc: c@d', 'Name <a@b.c>', 'a b@c', 'nobody'])
      expect(() => parse(port, { to: [to] }), to).to.throw();
  });
});

sinkContract(
  'sinks/email/email-sink',
  async () => {
    const fake = new SmtpFake();
    const port = await fake.listen();
    return {
      make: (notices) => new EmailSink(parse(port, { details: 100, updates: true }), testSinkContext(notices)),
      received: () => Promise.resolve(fake.messages.flatMap((message) => readMail(message).parts[0] ?? [])),
      forget: async () => {
        fake.messages.length = 0;
        fake.recipients.length = 0;
      },
      fail: () => fake.stop(),
      recover: async () => void (await fake.listen(port)),
      refuse: async (text) => {
        fake.answer = (verb, data) => (verb === '.' && readMail(data).parts[0]!.includes(text) ? '554 no' : undefined);
      },
      hang: async () => {
        fake.isHanging = true;
      },
      close: () => fake.stop(),
    };
  },
  { content: 'findings', memoryRecords: 2_000 },
);
