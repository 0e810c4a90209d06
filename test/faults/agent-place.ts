import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { AuditSender, type AuditSenderOptions } from './audit-sender.ts';
import { freePort } from './free-port.ts';
import { KillAgent } from './kill-agent.ts';
import type { KillPlace } from './kill-load.ts';
import { plantedValue } from './numbered-event.ts';
import { filesWith, readEvents } from './read-log.ts';
import { host } from './webhook-load.ts';
import { writeAgentConfig } from './write-agent-config.ts';

/** How often a scenario is repeated: AUDITVEIL_ROUNDS, else as given. */
export const roundsOr = (few: number): number => Number(process.env['AUDITVEIL_ROUNDS'] ?? few);

/** A folder for one agent with a webhook source, and the agents started in it. */
export class AgentPlace implements KillPlace {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'auditveil-faults-'));
  readonly data: string;
  readonly #agents: KillAgent[] = [];
  readonly #senders: AuditSender[] = [];
  #port = 0;
  #config = '';

  /** @param data another place for the logs than in the folder */
  constructor(data?: string) {
    this.data = data ?? path.join(this.directory, 'data');
  }

  get port(): number {
    return this.#port;
  }

  /** Starts an agent and waits until it accepts connections. */
  async start(): Promise<KillAgent> {
    if (this.#config === '') {
      this.#port = await freePort(host);
      this.#config = writeAgentConfig(this, `{ type: webhook, listen: "${host}:${this.#port}", allowUnprotected: true }`);
    }
    const agent = new KillAgent(this, ['--config', this.#config]);
    this.#agents.push(agent);
    if ((await agent.ready(`${host}:${this.#port}`)) === undefined) throw new Error(`the agent did not start:\n${agent.said}`);
    return agent;
  }

  /** Starts a sender to the agent, or to another port; it ends with the place at the latest. */
  send(options: Omit<AuditSenderOptions, 'host' | 'port'> & { readonly port?: number }): AuditSender {
    const sender = new AuditSender({ host, port: this.port, ...options });
    this.#senders.push(sender);
    sender.start();
    return sender;
  }

  /** Every event answered 200 is in the log once, nothing is there that was not sent, no planted value anywhere. */
  async judge(sender: AuditSender): Promise<void> {
    const { seen, stubs } = await readEvents(this.data);
    const lost = [...sender.stored].filter((id) => !seen.has(id)).length;
    const repeated = [...seen.values()].filter((count) => count > 1).length;
    const unknown = [...seen.keys()].filter((id) => !sender.sent.has(id)).length;
    const leaks = await filesWith(this.data, plantedValue);
    expect({ lost, repeated, unknown, stubs, leaks }).to.deep.equal({ lost: 0, repeated: 0, unknown: 0, stubs: 0, leaks: [] });
    expect(sender.stored.size).to.be.greaterThan(0);
  }

  async remove(): Promise<void> {
    for (const sender of this.#senders) sender.abandon();
    for (const agent of this.#agents) if (!(await agent.endsWithin(0))) await agent.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Gives each test of a suite a place of its own. */
export function eachPlace(): () => AgentPlace {
  let place: AgentPlace;
  beforeEach(() => {
    place = new AgentPlace();
  });
  afterEach(() => place.remove());
  return () => place;
}
