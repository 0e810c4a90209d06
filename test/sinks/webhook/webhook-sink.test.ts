import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { webhookSink } from '../../../src/config/sinks/webhook.ts';
import { WebhookSink } from '../../../src/sinks/webhook/webhook-sink.ts';
import { type HttpServer, startHttpServer } from '../../support/http-server.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch, contractId } from '../contract-records.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';

const never = new AbortController().signal;
const nowMs = Date.UTC(2026, 4, 4, 12);

describe('sinks/webhook/webhook-sink', () => {
  let server: HttpServer;
  const sinks: WebhookSink[] = [];
  beforeEach(async () => {
    server = await startHttpServer(() => ({ status: 202 }));
  });
  afterEach(async () => {
    await Promise.all(sinks.splice(0).map((sink) => sink.close()));
    await server.close();
  });
  const sink = (more: object = {}): WebhookSink => {
    const options = webhookSink.options.parse({ type: 'webhook', url: `${server.url}/in`, ...more });
    sinks.push(new WebhookSink(options, testSinkContext([], { clock: { nowMs: () => nowMs } })));
    return sinks.at(-1)!;
  };

  it('sends an array of findings, or a line for each, in the format asked for', async () => {
    await sink().write(contractBatch('findings', 0, 2), never);
    await sink({ layout: 'lines', format: 'falco' }).write(contractBatch('findings', 0, 2), never);
    await sink({ content: 'events', format: 'ecs' }).write(contractBatch('events', 5, 1), never);
    const [array, lines, events] = server.requests;
    expect((JSON.parse(array!.body) as { id: string }[]).map(({ id }) => id)).to.deep.equal([contractId(0), contractId(1)]);
    expect(array?.headers['content-type']).to.equal('application/json');
    const falco = lines!.body.trimEnd().split('\n');
    expect(falco.map((line) => (JSON.parse(line) as { uuid: string }).uuid)).to.deep.equal([contractId(0), contractId(1)]);
    expect(lines?.headers['content-type']).to.equal('application/x-ndjson');
    expect((JSON.parse(events!.body) as { auditID: string }[])[0]?.auditID).to.equal(contractId(5));
    expect([array?.path, array?.method, array?.headers['x-auditveil-signature']]).to.deep.equal(['/in', 'POST', undefined]);
  });

  it('has one idempotency key for one batch, and another for another', async () => {
    const to = sink();
    for (const from of [0, 0, 1]) await to.write(contractBatch('findings', from, 3), never);
    const [first, again, other] = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(first).to.match(/^[0-9a-f]{32}$/);
    expect([again === first, other === first]).to.deep.equal([true, false]);
  });

  it('signs time and body, with the secret before as well while there is one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auditveil-webhook-'));
    try {
      const previousSecretFile = join(folder, 'old');
      await writeFile(previousSecretFile, 'the-secret-that-was-before\n');
      const to = sink({ signingSecret: 'a-secret-of-this-test', previousSecretFile, gzip: true });
      await to.write(contractBatch('findings', 0, 3), never);
    } finally {
      await rm(folder, { recursive: true });
    }
    const { headers, body } = server.requests[0]!;
    expect(headers['content-encoding']).to.equal('gzip');
    expect(headers['x-auditveil-timestamp']).to.equal(String(nowMs / 1000));
    const signature = (secret: string) =>
      `v1=${createHmac('sha256', secret)
        .update(`${nowMs / 1000}.${body}`)
        .digest('hex')}`;
    expect(headers['x-auditveil-signature']).to.equal(
      `${signature('a-secret-of-this-test')},${signature('the-secret-that-was-before')}`,
    );
  });

  it('is verified by what its page tells receivers to do', async () => {
    const secret = 'a-secret-of-this-test';
    await sink({ signingSecret: secret }).write(contractBatch('findings', 0, 3), never);
    const { headers, body } = server.requests[0]!;
    const told = /```js\n([^`]*(?:`[^`]+`[^`]*)*?)```/.exec(webhookSink.summary)![1]!.replace(/^import.*$/m, '');
    type Verify = (headers: object, body: string, secret: string, nowMs: number) => boolean;
    const verify = runInNewContext(`${told}; isGenuine`, { createHmac, timingSafeEqual, Buffer }) as Verify;
    expect(verify(headers, body, secret, nowMs + 299_000)).to.equal(true);
    expect(
      verify({ ...headers, 'x-auditveil-signature': `v1=00,${headers['x-auditveil-signature'] as string}` }, body, secret, nowMs),
    ).to.equal(true);
    expect(verify(headers, body, secret, nowMs + 301_000), 'replayed').to.equal(false);
    expect(verify(headers, `${body} `, secret, nowMs), 'changed').to.equal(false);
    expect(verify(headers, body, `${secret}x`, nowMs), 'another secret').to.equal(false);
    expect(
      verify({ ...headers, 'x-auditveil-timestamp': String(nowMs / 1000 + 1) }, body, secret, nowMs),
      'another time',
    ).to.equal(false);
    expect(verify({}, body, secret, nowMs), 'unsigned').to.equal(false);
  });

  it('loses nothing while the file of its secret is away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auditveil-webhook-'));
    const signingSecretFile = join(folder, 'secret');
    try {
      const to = sink({ signingSecretFile });
      const [outcome] = await to.write(contractBatch('findings', 0, 1), never);
      expect(outcome?.status === 'errored' && [outcome.fault.code, outcome.fault.retryable]).to.deep.equal(['E_FILE_READ', true]);
      await writeFile(signingSecretFile, 'a-secret-of-this-test');
      expect((await to.write(contractBatch('findings', 0, 1), never))[0]?.status).to.equal('delivered');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('ends a start with a secret that can be guessed', async () => {
    const fault = await sink({ signingSecret: 'short' })
      .open(never)
      .catch((error: unknown) => error);
    expect(fault).to.include({ code: 'E_SINK_SECRET', retryable: false });
  });
});

for (const content of ['events', 'findings'] as const)
  sinkContract(
    'sinks/webhook/webhook-sink',
    () =>
      httpWorld({
        make: (url, notices) =>
          new WebhookSink(
            webhookSink.options.parse({ type: 'webhook', url, content, signingSecret: 'a-secret-of-this-test' }),
            testSinkContext(notices),
          ),
        answer: ({ method, headers, body }) => {
          if (method !== 'POST') return { status: content === 'events' ? 405 : 501 };
          if (!headers['x-auditveil-signature'] || !Array.isArray(JSON.parse(body))) return { status: 400 };
          return { status: 204 };
        },
      }),
    { content },
  );
