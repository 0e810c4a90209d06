import type { WebhookSinkConfig } from '../../config/sinks/webhook.ts';
import { Fault } from '../../core/faults.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { Secret } from '../../core/secret.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { batchId } from '../http/batch-id.ts';
import type { HttpAnswer, HttpRequest } from '../http/http-client.ts';
import { httpOptionsOf } from '../http/http-options.ts';
import { faultUnlessAnswered, HttpSink } from '../http/http-sink.ts';
import { signRequest } from '../http/sign-request.ts';
import { readSecret } from '../shared/read-secret.ts';
import { joinLines, recordLines } from '../shared/record-line.ts';

const contentTypes = { array: 'application/json', lines: 'application/x-ndjson' } as const;
/** A shorter secret can be guessed from one signed request. */
const leastSecretBytes = 16;

/** JSON to an HTTP endpoint, a batch a request, signed where there is a secret. */
export class WebhookSink extends HttpSink {
  readonly #options: WebhookSinkConfig;
  readonly #line: (record: MaskedRecord) => Uint8Array;

  constructor(options: WebhookSinkConfig, context: SinkContext) {
    super(httpOptionsOf(options, options.url, options.gzip), context);
    this.#options = options;
    this.#line = recordLines(options.format, context.product);
  }

  override async open(signal: AbortSignal): Promise<void> {
    await super.open(signal);
    await this.#secrets();
  }

  protected override faultOfCheck(answer: HttpAnswer): Fault | undefined {
    return faultUnlessAnswered(answer);
  }

  protected override async requestFor(records: readonly MaskedRecord[]): Promise<HttpRequest> {
    const { layout, headers } = this.#options;
    const body = joinLines(records.map(this.#line), layout);
    const secrets = await this.#secrets();
    return {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': contentTypes[layout],
        'idempotency-key': batchId(records),
        ...(secrets.length > 0 && signRequest(secrets, body, this.context.clock.nowMs())),
      },
      body,
    };
  }

  async #secrets(): Promise<readonly Secret[]> {
    const { signingSecret, signingSecretFile, previousSecretFile } = this.#options;
    const found = await Promise.all([readSecret(signingSecret, signingSecretFile), readSecret(undefined, previousSecretFile)]);
    const secrets = found.filter((secret) => secret !== undefined);
    if (secrets.some((secret) => secret.reveal().length < leastSecretBytes))
      throw new Fault(`the secret of the signature is shorter than ${leastSecretBytes} characters`, {
        code: 'E_SINK_SECRET',
        remedy: 'Make one with `openssl rand -hex 32` and give it to the receiver as well.',
      });
    return secrets;
  }
}
