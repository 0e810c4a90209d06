import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { parse, stringify } from 'yaml';
import { makeRecording } from '../../../src/demo/recording.ts';
import { recordingMs } from '../../../src/demo/recording-length.ts';
import { Agent } from '../agent.ts';

const receiver = 'http://127.0.0.1:18556/audit';
const page = '127.0.0.1:18557';

/**
 * An agent that meets something of everything: two receivers, a page nobody is signed in to, a file that is rotated and holds what is no event, repeats, refused
 * requests, an exception, a sink whose server is away and one that refuses for good, a vault for originals.
 */
export class BusyAgent extends Agent {
  readonly #log: string;
  readonly #recipients: string;
  readonly #approvers: string;
  #rounds = 0;

  /** @param refusing port of a server that answers every request with 400 */
  constructor(folder: string, telemetryPort: number, refusing: number) {
    super(folder, telemetryPort, ['webhook', '--server', '127.0.0.1:18555']);
    this.#recipients = path.join(folder, 'recipients.txt');
    this.#approvers = path.join(folder, 'approver.pem');
    this.#log = path.join(folder, 'audit.log');
    writeFileSync(this.#log, '');
    const config = parse(readFileSync(this.config, 'utf8')) as {
      sources: object[];
      sinks: object[];
      detect?: object;
      web?: object;
      vault?: object;
    };
    config.sources.push(
      { type: 'file', name: 'log', path: this.#log },
      { type: 'webhook', name: 'plain', listen: '127.0.0.1:18556', path: '/audit', allowUnprotected: true },
    );
    const sink = { type: 'webhook', content: 'events', allowUnprotected: true };
    config.sinks.push(
      { ...sink, name: 'away', url: 'http://127.0.0.1:1/' },
      { ...sink, name: 'refusing', url: `http://127.0.0.1:${refusing}/` },
    );
    const exception = { where: { verb: 'list' }, owner: 'test', reason: 'test', expires: '2999-01-01' };
    config.web = { listen: page };
    config.vault = { recipientsFile: this.#recipients, approversFile: this.#approvers };
    config.detect = { exceptions: [{ rule: 'Secret read by a scripting client', ...exception }] };
    writeFileSync(this.config, stringify(config));
  }

  /** Keys of a vault, which the configuration names: made before the start. */
  async makeKeys(): Promise<void> {
    writeFileSync(this.#recipients, `${await identityToRecipient(await generateX25519Identity())}\n`);
    writeFileSync(this.#approvers, generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }));
  }

  /** Three hundred events, half by each way, and everything that can go wrong. */
  async round(): Promise<void> {
    const lines = makeRecording(Date.now() - recordingMs, ++this.#rounds).events.map(({ line }) => line);
    const half = Math.floor(lines.length / 2);
    appendFileSync(this.#log, `${[...lines.slice(0, half), lines[0], '{"kind":"Event", torn'].join('\n')}\n`);
    appendFileSync(this.#log, `2026-01-01T00:00:00.000000000Z stderr F no event\nnode-1 ${lines[1] ?? ''}\n`);
    if (this.#rounds % 5 === 0) renameSync(this.#log, `${this.#log}.1`);
    const list = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[${lines.slice(half).join(',')}]}`;
    for (const body of [list, 'rubbish'])
      await fetch(receiver, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).catch(() => undefined);
    await fetch(`${receiver}/elsewhere`, { method: 'POST', body: list }).catch(() => undefined);
    for (const call of ['status', 'findings']) await fetch(`http://${page}/api/v1/${call}`).catch(() => undefined);
    const socket = connect(18_556, '127.0.0.1', () => socket.end('no request\r\n\r\n')).on('error', () => undefined);
  }
}
