import { expect } from 'chai';
import { teamsSink } from '../../../src/config/sinks/teams.ts';
import { TeamsSink } from '../../../src/sinks/teams/teams-sink.ts';
import { type HttpServer, type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch, contractRecord } from '../contract-records.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';

interface Card {
  readonly attachments: readonly {
    readonly contentType: string;
    readonly content: { readonly type: string; readonly body: readonly object[] };
  }[];
}

/** What a workflow takes: one adaptive card, and no more than 28 KB. */
function answer({ method, body }: SeenRequest): Reply {
  if (method !== 'POST') return { status: 405 };
  const card = (JSON.parse(body) as Card).attachments[0];
  const isCard = card?.contentType === 'application/vnd.microsoft.card.adaptive' && card.content.type === 'AdaptiveCard';
  return { status: isCard && Buffer.byteLength(body) <= 28 * 1024 ? 202 : 400 };
}

const never = new AbortController().signal;

describe('sinks/teams/teams-sink', () => {
  let server: HttpServer;
  let sink: TeamsSink;
  beforeEach(async () => {
    server = await startHttpServer(answer);
    const options = { type: 'teams', url: `${server.url}/workflows/x?sig=secret`, details: 20, messageIntervalMs: 0 };
    sink = new TeamsSink(teamsSink.options.parse(options), testSinkContext());
  });
  afterEach(async () => {
    await sink.close();
    await server.close();
  });

  it('makes one card of text runs, which know no markup', async () => {
    const { end } = contractBatch('findings', 0, 0);
    await sink.write({ records: [contractRecord('findings', 1, '[x](https://evil.example.com) <at>Ann</at>')], end }, never);
    const [request] = server.requests;
    expect(request?.path).to.equal('/workflows/x?sig=secret');
    expect(request?.body).not.to.match(/"TextBlock"|"FactSet"|:\/\/evil|<at>/);
    expect(request?.body).to.contain('[x](https[:]//evil.example.com) ‹at›Ann‹/at›');
  });

  it('stays within what Teams takes', async () => {
    const { end } = contractBatch('findings', 0, 0);
    const records = Array.from({ length: 100 }, (_, n) => contractRecord('findings', n, 'ü'.repeat(3_000)));
    const outcomes = await sink.write({ records, end }, never);
    expect(outcomes.every(({ status }) => status === 'delivered')).to.equal(true);
    expect(server.requests).to.have.length(1);
    expect(server.requests[0]?.body).to.match(/\d+ more findings that are too long for this card/);
  });
});

sinkContract(
  'sinks/teams/teams-sink',
  () =>
    httpWorld({
      make: (url, notices) =>
        new TeamsSink(
          teamsSink.options.parse({ type: 'teams', url, details: 20, messageIntervalMs: 0 }),
          testSinkContext(notices),
        ),
      answer,
      isBounded: true,
    }),
  { content: 'findings', memoryRecords: 200 },
);
