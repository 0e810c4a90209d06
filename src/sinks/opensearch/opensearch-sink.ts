import type { OpensearchSinkConfig } from '../../config/sinks/opensearch.ts';
import { errored, type Outcome } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { createFormatter } from '../../findings/create-formatter.ts';
import type { HttpAnswer, HttpRequest } from '../http/http-client.ts';
import { httpOptionsOf } from '../http/http-options.ts';
import { HttpSink } from '../http/http-sink.ts';
import type { Refused } from '../send-split.ts';
import { microsecondsOf } from '../shared/finding-row.ts';
import { bulkOutcomes } from './bulk-outcomes.ts';
import { eventDocument } from './event-document.ts';
import { indexName, indexPattern } from './index-name.ts';
import { indexTemplate, templateVersion } from './index-template.ts';

/** What the answer has for one document at most, once it is cut to status and type of error. */
const itemBytes = 512;

/** Masked events or findings as documents, by `_bulk` of OpenSearch and Elasticsearch. */
export class OpensearchSink extends HttpSink {
  readonly #options: OpensearchSinkConfig;
  readonly #finding: ReturnType<typeof createFormatter>;
  #hasTemplate: boolean;

  constructor(options: OpensearchSinkConfig, context: SinkContext) {
    super(httpOptionsOf(options, options.url, options.gzip), context);
    this.#options = options;
    this.#finding = createFormatter('ecs', context.product);
    this.#hasTemplate = !options.installTemplate;
  }

  /** Installs the template: an index made without it has the wrong fields for good, so nothing is written before. */
  protected override async prepare(signal: AbortSignal): Promise<void> {
    if (this.#hasTemplate) return;
    await this.#ensureTemplate(signal);
    this.#hasTemplate = true;
  }

  protected override checkRequest(): HttpRequest {
    const { index, content } = this.#options;
    return { method: 'HEAD', path: `/${indexName(index, content, this.context.clock.nowMs() * 1000)}` };
  }

  /** An index that is not there yet is made with the first document. */
  protected override faultOfCheck(answer: HttpAnswer): Fault | undefined {
    return answer.status === 404 ? undefined : super.faultOfCheck(answer);
  }

  protected override requestFor(records: readonly MaskedRecord[]): HttpRequest {
    const { pipeline } = this.#options;
    const filter = 'filter_path=errors,items.*.status,items.*.error.type';
    return {
      method: 'POST',
      path: `/_bulk?${filter}${pipeline === undefined ? '' : `&pipeline=${pipeline}`}`,
      headers: { 'content-type': 'application/x-ndjson' },
      body: records.map((record) => this.#lines(record)).join(''),
      answerBytes: 4096 + records.length * itemBytes,
    };
  }

  protected override outcomesOf(answer: HttpAnswer, records: readonly MaskedRecord[]): readonly Outcome[] | Refused {
    if (answer.verdict.kind !== 'delivered') return super.outcomesOf(answer, records);
    const outcomes = answer.isCut ? undefined : bulkOutcomes(answer.body.toString('utf8'), records.length);
    return outcomes ?? records.map(() => errored(notBulk()));
  }

  #lines(record: MaskedRecord): string {
    const { index, content } = this.#options;
    if (content === 'events') {
      const action = { create: { _index: indexName(index, content, record.eventTimeUs), _id: record.digest } };
      return `${JSON.stringify(action)}\n${JSON.stringify(eventDocument(record))}\n`;
    }
    const finding = findingIn(record);
    const name = indexName(index, content, microsecondsOf(finding.time));
    const action = { create: { _index: name, _id: `${finding.id}-${finding.revision}` } };
    return `${JSON.stringify(action)}\n${this.#finding(finding)}\n`;
  }

  async #ensureTemplate(signal: AbortSignal): Promise<void> {
    const { content, server, index, dataStream } = this.#options;
    const path = `/_index_template/auditveil-${content}`;
    const found = await this.client.request({ method: 'GET', path: `${path}?filter_path=**.version` }, signal);
    if (found.status !== 404) this.#expect(found);
    const versions = [...found.body.toString('utf8').matchAll(/"version":(\d{1,9})\b/g)].map(([, digits]) => Number(digits));
    if (found.status === 200 && versions.some((version) => version >= templateVersion)) return;
    const template = indexTemplate(content, server, indexPattern(index, content), dataStream);
    const headers = { 'content-type': 'application/json' };
    this.#expect(await this.client.request({ method: 'PUT', path, headers, body: JSON.stringify(template) }, signal));
  }

  #expect({ status, verdict }: HttpAnswer): void {
    if (verdict.kind === 'delivered') return;
    throw new Fault(`the index template cannot be installed: ${verdict.fault.message}`, {
      code: verdict.fault.code,
      remedy:
        status === 400 || status === 401 || status === 403
          ? 'Let this account manage index templates, see to `server`, or install deploy/opensearch by hand and set `installTemplate: false`.'
          : (verdict.fault.remedy ?? ''),
      retryable: true,
    });
  }
}

function notBulk(): Fault {
  return new Fault('the answer is none of _bulk', {
    code: 'E_SINK_PROTOCOL',
    remedy: 'See whether `url` names OpenSearch or Elasticsearch, and no proxy in front answers itself.',
    retryable: true,
  });
}
