import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
