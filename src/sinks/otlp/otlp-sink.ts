import type { OtlpSinkConfig } from '../../config/sinks/otlp.ts';
import { type Outcome, rejected } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import { memberAt } from '../../core/json-members.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import type { HttpAnswer, HttpRequest } from '../http/http-client.ts';
import { httpOptionsOf } from '../http/http-options.ts';
import { HttpSink } from '../http/http-sink.ts';
import type { Refused } from '../send-split.ts';
import { recordLines } from '../shared/record-line.ts';
import { logsRequest } from './log-records.ts';

/** Log records over OTLP/HTTP with JSON encoding. */
export class OtlpSink extends HttpSink {
  readonly #headers: Readonly<Record<string, string>>;
  readonly #line: (record: MaskedRecord) => Uint8Array;

  constructor(options: OtlpSinkConfig, context: SinkContext) {
    super(httpOptionsOf(options, options.url, options.gzip), context);
    this.#headers = { ...options.headers, 'content-type': 'application/json' };
    this.#line = recordLines(options.format, context.product);
  }

  /** A request without records is valid and writes nothing. */
  protected override checkRequest(): HttpRequest {
    return this.#post({ resourceLogs: [] });
  }

  protected override requestFor(records: readonly MaskedRecord[]): HttpRequest {
    return this.#post(logsRequest(records, this.context.product, this.#line));
  }

  /** "partial success": some records were refused, and it is not said which. The protocol forbids to send them again. */
  protected override outcomesOf(answer: HttpAnswer, records: readonly MaskedRecord[]): readonly Outcome[] | Refused {
    const refused = answer.verdict.kind === 'delivered' ? refusedIn(answer) : 0;
    if (refused === 0) return super.outcomesOf(answer, records);
    if (refused >= records.length) return records.map(() => rejected(refusal()));
    this.context.notice(
      `the receiver refused ${refused} of ${records.length} log records and does not say which; they are not sent again`,
    );
    return super.outcomesOf(answer, records);
  }

  #post(body: object): HttpRequest {
    return { method: 'POST', path: '/v1/logs', headers: this.#headers, body: JSON.stringify(body) };
  }
}

/** How many records an answer says were refused: a 64-bit number, as text or number. */
function refusedIn({ body, isCut }: HttpAnswer): number {
  if (isCut || body.length === 0) return 0;
  try {
    const count = Number(memberAt(JSON.parse(body.toString('utf8')), 'partialSuccess', 'rejectedLogRecords') ?? 0);
    return Number.isSafeInteger(count) && count > 0 ? count : 0;
  } catch {
    return 0;
  }
}

function refusal(): Fault {
  return new Fault('the receiver refused the log records', {
    code: 'E_SINK_REFUSED',
    remedy: 'Its own log says why; then send the dead letters again.',
  });
}
