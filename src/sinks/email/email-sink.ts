import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport, type Transporter } from 'nodemailer';
import type { EmailSinkConfig } from '../../config/sinks/email.ts';
import { delivered, errored, type Outcome, type Sink } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { RecordBatch } from '../../core/log.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { chatMessage } from '../chat/chat-message.ts';
import { batchId } from '../http/batch-id.ts';
import { type Refused, sendSplit } from '../send-split.ts';
import { readSecretText } from '../shared/read-secret.ts';
import { readTls } from '../shared/read-tls.ts';
import { withinTime } from '../shared/within-time.ts';
import { emailText } from './email-message.ts';
import { resolvedAddress } from './resolved-address.ts';
import { smtpFault } from './smtp-fault.ts';

/** One message for a batch, and not too many of them. Delivered once the mail server has taken it. */
export class EmailSink implements Sink {
  readonly #options: EmailSinkConfig;
  readonly #context: SinkContext;
  #sentMs = 0;

  constructor(options: EmailSinkConfig, context: SinkContext) {
    this.#options = options;
    this.#context = context;
  }

  /** Reads the files; connects to nothing. */
  async open(): Promise<void> {
    const { password, passwordFile, tls } = this.#options;
    await Promise.all([readSecretText(password, passwordFile), readTls(tls)]);
  }

  async check(signal: AbortSignal): Promise<void> {
    await this.#try((transport) => transport.verify(), signal);
  }

  write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    return sendSplit(batch.records, (records) => this.#send(records, signal), signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #send(records: readonly MaskedRecord[], signal: AbortSignal): Promise<readonly Outcome[] | Refused> {
    const { from, to, subjectPrefix, messageIntervalMs } = this.#options;
    const message = chatMessage(records.map(findingIn), this.#options);
    if (!message) return records.map(() => delivered);
    const { nowMs } = this.#context.clock;
    const waitMs = this.#sentMs + messageIntervalMs - nowMs();
    // Where it is aborted meanwhile the attempt says so.
    if (waitMs > 0) await sleep(Math.min(waitMs, messageIntervalMs), undefined, { signal }).catch(() => undefined);
    this.#sentMs = nowMs();
    const { subject, text, html } = emailText(message, subjectPrefix);
    const mail = {
      from: { name: '', address: from },
      to: to.map((address) => ({ name: '', address })),
      ...{ subject, text, html },
      date: new Date(this.#sentMs),
      // The same for a repeat of the same findings.
      messageId: `<${batchId(records)}@${from.slice(from.lastIndexOf('@') + 1)}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    };
    try {
      await this.#try((transport) => transport.sendMail(mail), signal);
      return records.map(() => delivered);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return error.code === 'E_SINK_REFUSED' ? { refused: error } : records.map(() => errored(error));
    }
  }

  /** @throws Fault */
  async #try(action: (transport: Transporter) => Promise<unknown>, signal: AbortSignal): Promise<void> {
    const { host, timeoutMs } = this.#options;
    let transport: Transporter | undefined;
    try {
      transport = await this.#transport();
      await withinTime(action(transport), timeoutMs, signal);
    } catch (error) {
      throw smtpFault(host, error);
    } finally {
      transport?.close();
    }
  }

  async #transport(): Promise<Transporter> {
    const { host, port, security, user, password, passwordFile, timeoutMs, tls, from } = this.#options;
    const pass = await readSecretText(password, passwordFile);
    return createTransport({
      host: await resolvedAddress(host),
      port: port ?? (security === 'tls' ? 465 : 587),
      name: from.slice(from.lastIndexOf('@') + 1),
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      tls: { ...(isIP(host) === 0 && { servername: host }), ...(await readTls(tls)) },
      ...(user !== undefined && { auth: { user, pass: pass ?? '' } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}
