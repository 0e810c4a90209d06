import { delivered, errored, type Outcome, type Sink } from '../../core/delivery.ts';
import { Fault, retryable } from '../../core/faults.ts';
import type { RecordBatch } from '../../core/log.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { type Refused, sendSplit } from '../send-split.ts';
import { type HttpAnswer, HttpClient, type HttpRequest } from './http-client.ts';
import type { HttpOptions } from './http-options.ts';

/** Of a method that a server does not know (RFC 9110, 15.6.2): small ones know POST only. */
const notImplemented = 501;

/**
 * For a path that takes POST only and says 400, 404, 405 or 501 to other methods: that it answers, and does not turn us away, is all that
 * can be known without writing.
 */
export function faultUnlessAnswered({ status, verdict }: HttpAnswer): Fault | undefined {
  if (verdict.kind !== 'errored' || status === notImplemented || (status >= 400 && verdict.fault.code === 'E_SINK_STATUS'))
    return undefined;
  return verdict.fault;
}

/** What all sinks share that send a batch as one request and learn from the answer what became of it. */
export abstract class HttpSink implements Sink {
  protected readonly client: HttpClient;
  protected readonly context: SinkContext;

  constructor(options: HttpOptions, context: SinkContext) {
    this.context = context;
    this.client = new HttpClient(options, () => context.clock.nowMs());
  }

  /** The request that carries these records; undefined: there is nothing to send, and they count as delivered. */
  protected abstract requestFor(records: readonly MaskedRecord[]): Promise<HttpRequest | undefined> | HttpRequest | undefined;

  /** A request that writes nothing. */
  protected checkRequest(): HttpRequest {
    return { method: 'HEAD' };
  }

  /** Why an answer to `checkRequest` means that a write would fail. */
  protected faultOfCheck({ verdict }: HttpAnswer): Fault | undefined {
    return verdict.kind === 'delivered' ? undefined : verdict.fault;
  }

  /** What an answer means for the records that were sent. */
  protected outcomesOf({ verdict }: HttpAnswer, records: readonly MaskedRecord[]): readonly Outcome[] | Refused {
    switch (verdict.kind) {
      case 'delivered':
        return records.map(() => delivered);
      case 'errored':
        return records.map(() => errored(verdict.fault, verdict.retryAfterMs));
      default:
        return { refused: verdict.fault };
    }
  }

  /** Makes what has to be there before anything is written, where it is not known to be there. @throws Fault */
  protected prepare(_signal: AbortSignal): Promise<void> {
    return Promise.resolve();
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.client.open();
    await this.prepare(signal);
  }

  async check(signal: AbortSignal): Promise<void> {
    const fault = this.faultOfCheck(await this.client.request(this.checkRequest(), signal));
    if (fault) throw fault;
  }

  write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    return sendSplit(batch.records, (records) => this.send(records, signal), signal);
  }

  /** For servers that take one record a request: one after the other, and nothing after one that errored. */
  protected async writeOneByOne({ records }: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const record of records) {
      const [outcome] = await sendSplit([record], (one) => this.send(one, signal), signal);
      if (outcome!.status === 'errored') return [...outcomes, ...records.slice(outcomes.length).map(() => outcome!)];
      outcomes.push(outcome!);
    }
    return outcomes;
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  protected async send(records: readonly MaskedRecord[], signal: AbortSignal): Promise<readonly Outcome[] | Refused> {
    try {
      await this.prepare(signal);
      const request = await this.requestFor(records);
      if (!request) return records.map(() => delivered);
      return this.outcomesOf(await this.client.request(request, signal), records);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return records.map(() => errored(retryable(error)));
    }
  }
}
