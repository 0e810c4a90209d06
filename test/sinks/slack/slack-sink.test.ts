import { expect } from 'chai';
import { slackSink } from '../../../src/config/sinks/slack.ts';
import { SlackSink } from '../../../src/sinks/slack/slack-sink.ts';
import { type HttpServer, type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch, contractRecord } from '../contract-records.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';

interface Block {
  readonly type: string;
  readonly text: { readonly type: string; readonly text: string };
}

/** What an incoming webhook checks, as Slack documents it. */
function answer({ method, headers, body }: SeenRequest): Reply {
  if (method !== 'POST' || headers['content-type'] !== 'application/json') return { status: 400, body: 'invalid_payload' };
  const { text, blocks } = JSON.parse(body) as { readonly text?: string; readonly blocks?: readonly Block[] };
  if (text === undefined) return { status: 400, body: 'no_text' };
  const isValid = (blocks ?? []).every(
    (block) => block.text.text.length > 0 && block.text.text.length <= (block.type === 'header' ? 150 : 3_000),
  );
  return isValid && (blocks ?? []).length <= 50 ? { status: 200, body: 'ok' } : { status: 400, body: 'invalid_blocks' };
}

const never = new AbortController().signal;

describe('sinks/slack/slack-sink', () => {
  let server: HttpServer;
  const sinks: SlackSink[] = [];
  beforeEach(async () => {
    server = await startHttpServer(answer);
  });
  afterEach(async () => {
    await Promise.all(sinks.splice(0).map((sink) => sink.close()));
    await server.close();
  });
  const sink = (more: object = {}): SlackSink => {
    const options = slackSink.options.parse({
      type: 'slack',
      url: `${server.url}/services/T0/B0/secret`,
      messageIntervalMs: 0,
      ...more,
    });
    sinks.push(new SlackSink(options, testSinkContext()));
    return sinks.at(-1)!;
  };
  const blocks = (): readonly Block[] => (JSON.parse(server.requests.at(-1)!.body) as { blocks: readonly Block[] }).blocks;

  it('makes one message of many findings, in plain text', async () => {
    const outcomes = await sink({ details: 3 }).write(contractBatch('findings', 0, 500), never);
    expect(outcomes.every(({ status }) => status === 'delivered')).to.equal(true);
    expect(server.requests).to.have.length(1);
    expect(blocks().map(({ text }) => text.type)).to.deep.equal(Array.from({ length: 5 }, () => 'plain_text'));
    expect(blocks()[0]?.text.text).to.equal('500 findings in lab: 250 critical, 250 high');
    expect(JSON.parse(server.requests[0]!.body)).to.include({ mrkdwn: false, link_names: false, unfurl_links: false });
  });

  it('confines values of events', async () => {
    const { end } = contractBatch('findings', 0, 0);
    await sink({ details: 20 }).write(
      { records: [contractRecord('findings', 1, '<!here> @channel https://evil.example.com')], end },
      never,
    );
    expect(server.requests[0]?.body).not.to.match(/<!here>|@channel|:\/\/evil/);
    expect(blocks()[1]?.text.text).to.contain('‹!here› ＠channel https[:]//evil.example.com');
  });

  it('keeps a distance between messages', async () => {
    const to = sink({ messageIntervalMs: 150 });
    const began = Date.now();
    for (const from of [0, 1, 2]) await to.write(contractBatch('findings', from, 1), never);
    expect(Date.now() - began).to.be.at.least(280);
  });

  it('finds a webhook that is gone, and shows its address nowhere', async () => {
    await sink().check(never);
    await server.close();
    server = await startHttpServer(() => ({ status: 404, body: 'no_service' }));
    const fault = await sink()
      .check(never)
      .catch((error: unknown) => error);
    expect(fault).to.include({ code: 'E_SINK_STATUS' });
    expect(`${(fault as Error).stack}`).not.to.contain('/services/');
  });
});

sinkContract(
  'sinks/slack/slack-sink',
  () =>
    httpWorld({
      make: (url, notices) =>
        new SlackSink(
          slackSink.options.parse({ type: 'slack', url, details: 20, messageIntervalMs: 0 }),
          testSinkContext(notices),
        ),
      answer,
      isBounded: true,
    }),
  { content: 'findings', memoryRecords: 200 },
);
