import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { LiveState } from '../web/status-source.ts';
import type { WebPorts } from '../web/web-ports.ts';
import { leaveNote } from './note-inbox.ts';
import type { OpenPipeline } from './open-pipeline.ts';

export interface WebHostOptions {
  readonly clock: Clock;
  /** Who runs this process: the link that is printed logs them in. */
  readonly owner: string;
  readonly notice: (text: string) => void;
}

type Backend = Pick<OpenPipeline, 'parts' | 'health' | 'readings'>;

/**
 * The page and the API beside an agent. They outlive its reloads: who is logged in stays so. Nothing of it is loaded where the
 * configuration does not ask for it.
 */
export class WebHost {
  readonly #options: WebHostOptions;
  #open: { readonly config: string; readonly close: () => Promise<void> } | undefined;
  #backend: Backend | undefined;

  constructor(options: WebHostOptions) {
    this.#options = options;
  }

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

  async #use({ web, cluster, log }: Config): Promise<void> {
    const config = JSON.stringify([web, cluster, log.directory]);
    if (this.#open?.config === config) return;
    await this.#end();
    if (web) this.#open = { ...(await this.#start({ web, cluster, log })), config };
  }

  async #end(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.close();
  }

  async #start({ web, cluster, log }: Pick<Config, 'cluster' | 'log'> & { readonly web: NonNullable<Config['web']> }) {
    const [{ openWeb }, { maskText }] = await Promise.all([import('../web/open-web.ts'), import('./mask-text.ts')]);
    const { notice, owner } = this.#options;
    const folder = await openDataFolder(log.directory, this.#options);
    const opened = await openWeb(web, {
      ...folder.ports,
      cluster: cluster.name,
      live: () => this.#live(),
      maskText: async (text) => (this.#backend ? maskText(this.#backend.parts.inspector, text) : '[MASKED:note]'),
    });
    notice(`the page: ${opened.server.link(opened.url, { name: owner, role: 'analyst' })}`);
    const close = async (): Promise<void> => {
      await opened.server.close();
      await folder.close();
    };
    return { close };
  }

  #live(): LiveState | undefined {
    const backend = this.#backend;
    return backend && { readings: backend.readings, problems: () => backend.health.problems() };
  }
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
  };
  return { ports, close: () => events.close() };
}
