import type { CanaryEvent, CanaryForm } from './canary-events.ts';

const alphabet = 'bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ23456789';
const markBytes = 24;

/**
 * A secret of this run that only canaries hold. They are discarded before the log, so an exit at which it is seen has got
 * bytes that were not masked, or not discarded, or belong to another event.
 */
export class CanaryMark {
  /** 24 letters and digits: 133 bits. */
  readonly text: string;
  readonly #forms: readonly Buffer[];

  constructor(random: (bytes: number) => Uint8Array) {
    this.text = [...random(markBytes)].map((byte) => alphabet[byte % alphabet.length]).join('');
    this.#forms = [Buffer.from(this.text), Buffer.from(Buffer.from(this.text).toString('base64'))];
  }

  /** Whether it stands in bytes that are about to leave, as it is or in base64. Linear. */
  isIn(bytes: Uint8Array): boolean {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#forms.some((form) => text.includes(form));
  }

  /** Events that hold it where every policy of ours masks: in a Secret, a variable, a file and a request. */
  get forms(): readonly CanaryForm[] {
    const { text } = this;
    const base64 = Buffer.from(text).toString('base64');
    const head = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      auditID: '00000000-0000-4000-8000-000000000000',
      verb: 'update',
    };
    const places = [
      { requestObject: { kind: 'Secret', data: { canary: base64 }, stringData: { canary: text } } },
      { requestObject: { kind: 'Pod', spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: text }] }] } } },
      { responseObject: { kind: 'ConfigMap', data: { 'app.conf': `server.port=80\ndb.password=${text}\n` } } },
      { requestURI: `/api/v1/namespaces/a/pods/b/exec?command=cli&command=--token%3D${text}` },
    ];
    return places.map((place, i) => {
      const event: CanaryEvent = {
        rules: [],
        kinds: ['canary'],
        origin: `canary of this run, place ${i + 1}`,
        text: JSON.stringify({ ...head, ...place }),
        needles: [text, base64],
      };
      return { original: event, varied: [] };
    });
  }
}
