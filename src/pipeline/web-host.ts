import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { WebReadings } from '../telemetry/readings.ts';
import type { LiveState } from '../web/status-source.ts';
import type { SelfPort, WebPorts } from '../web/web-ports.ts';
import { redeemLink } from './link-files.ts';
import { leaveNote, waitingNotes } from './note-inbox.ts';
import type { OpenPipeline } from './open-pipeline.ts';

export interface WebHostOptions {
  readonly clock: Clock;
  /** Who runs this process: the link that is printed logs them in. */
  readonly owner: string;
  readonly notice: (text: string) => void;
  /** Runs a command of this program in a process of its own. */
  readonly runSelf: RunSelf;
}

type Backend = Pick<OpenPipeline, 'parts' | 'health' | 'readings' | 'takeNotes' | 'apiservers'>;

/**
 * The page and the API beside an agent. They outlive its reloads: who is logged in stays so. Nothing of it is loaded where the
 * configuration does not ask for it.
 */
export class WebHost {
  readonly #options: WebHostOptions;
  #open: { readonly config: string; readonly readings: WebReadings; readonly close: () => Promise<void> } | undefined;
  #backend: Backend | undefined;

  constructor(options: WebHostOptions) {
    this.#options = options;
  }

  /** What is measured of it; nothing where it is off. */
  readonly readings: WebReadings = {
    requests: () => this.#open?.readings.requests() ?? [],
    state: () => this.#open?.readings.state() ?? [],
    losses: () => this.#open?.readings.losses() ?? [],
  };

  /** Serves what a pipeline does from now on, until it closes. @throws Fault where the server cannot be opened; the pipeline is closed then */
  async beside(config: Config, pipeline: OpenPipeline): Promise<OpenPipeline> {
    try {
      await this.#use(config);
    } catch (error) {
      await pipeline.close();
      throw error;
    }
    this.#backend = pipeline;
    const close = (): Promise<void> => {
      this.#backend = undefined;
      return pipeline.close();
    };
    return { ...pipeline, close };
  }

  close(): Promise<void> {
    this.#backend = undefined;
    return this.#end();
  }

  async #use({ web, ...parts }: Config): Promise<void> {
    const { cluster, log, detect, masking } = parts;
    const config = JSON.stringify([web, cluster, log.directory, detect, masking.keyFile]);
    if (this.#open?.config === config) return;
    await this.#end();
    if (web) this.#open = { ...(await this.#start(web, parts)), config };
  }

  async #end(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.close();
  }

  async #start(web: NonNullable<Config['web']>, { cluster, log, detect, masking }: Omit<Config, 'web'>) {
    const [{ openWeb }, { maskText }] = await Promise.all([import('../web/open-web.ts'), import('./mask-text.ts')]);
    const { notice, owner } = this.#options;
    const folder = await openDataFolder(log.directory, this.#options);
    const opened = await openWeb(web, {
      ...folder.ports,
      cluster: cluster.name,
      self: selfPort(this.#options.runSelf, { detect, masking }, log.directory),
      live: () => this.#live(),
      note: async (note) => {
        await folder.ports.note(note);
        // It is durable where it waits; what cannot take it up now does so later.
        await this.#backend?.takeNotes().catch(() => undefined);
      },
      maskText: async (text, as) => (this.#backend ? maskText(this.#backend.parts.inspector, text, as) : '[MASKED:note]'),
    });
    notice(`the page: ${opened.server.link(opened.url, { name: owner, role: 'analyst' })}`);
    const close = async (): Promise<void> => {
      await opened.server.close();
      await folder.close();
    };
    return { readings: opened.server.readings, close };
  }

  #live(): LiveState | undefined {
    const backend = this.#backend;
    return backend && { readings: backend.readings, problems: () => backend.health.problems(), apiservers: backend.apiservers };
  }
}

/** Runs a command of this program; `stateDirectory` is where it makes a key for itself. */
export type RunSelf = (args: readonly string[], signal: AbortSignal, stateDirectory?: string) => Promise<string>;

type KeyChoice = Pick<Config['masking'], 'keyFile' | 'keyFileGroupReadable'>;

/** Our own commands with the rules and the key of an agent. A key others may read they would refuse: they make one of their own then. */
export function selfPort(
  run: RunSelf,
  { detect, masking }: { readonly detect?: Config['detect']; readonly masking?: KeyChoice },
  directory: string,
): SelfPort {
  const keyFile = masking?.keyFileGroupReadable ? undefined : masking?.keyFile;
  const state = masking?.keyFileGroupReadable ? `${directory}/web` : undefined;
  return { run: (args, signal) => run(args, signal, state), flags: selfFlags(detect, keyFile) };
}

function selfFlags(detect: Config['detect'] | undefined, keyFile: string | undefined): SelfPort['flags'] {
  const each = (flag: string, values: readonly string[] = []): string[] => values.flatMap((value) => [flag, value]);
  const texts = [
    ...each('--rules', detect?.rules),
    ...each('--lists', detect?.lists),
    ...(detect?.falcoCompat ? ['--falco-compat'] : []),
  ];
  const profile = ['--profile', detect?.profile ?? 'default'];
  const key = keyFile === undefined ? [] : ['--key', keyFile];
  const rules = [...texts, ...profile];
  const posture = [...each('--rules', detect?.rules), ...each('--lists', detect?.lists), ...profile, ...key];
  return { texts, rules, backtest: [...rules, ...each('--exceptions', detect?.exceptionFiles), ...key], posture };
}

/** What the API reads and where it leaves word, of one data folder. */
export async function openDataFolder(directory: string, { clock, notice }: Pick<WebHostOptions, 'clock' | 'notice'>) {
  const [{ openEventStore }, { packageVersion }] = await Promise.all([
    import('../store/open-event-store.ts'),
    import('./load-files.ts'),
  ]);
  const events = await openEventStore(directory, { notice });
  const ports: Omit<WebPorts, 'cluster' | 'live' | 'maskText'> = {
    ...{ version: await packageVersion(), dataDirectory: directory, clock, events, notice },
    note: (note) => leaveNote(directory, note),
    waiting: () => waitingNotes(directory),
    redeem: (token) => redeemLink(directory, token, clock.nowMs()),
  };
  return { ports, close: () => events.close() };
}
