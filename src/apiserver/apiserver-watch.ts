import type { ApiserverConfig } from '../config/apiserver-schema.ts';
import type { ApiserverCounts, ComparedCounts } from '../core/apiserver-counts.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { readTlsFiles, readUserFile } from '../crypto/tls-files.ts';
import type { ClientAccess } from './ask.ts';
import { type AuditCounters, auditCounters, countedTogether, noCounter } from './audit-counters.ts';
import { CountWatch } from './count-watch.ts';
import { readMetrics } from './read-metrics.ts';

export interface ApiserverWatchOptions {
  readonly apiservers: readonly ApiserverConfig[];
  /** Names of all sources: those of an apiserver that names none. */
  readonly sources: readonly string[];
  /** Events of a source that are in the log, since the start of this process. */
  readonly stored: (source: string) => number;
  readonly clock: Clock;
}

type Reading = Omit<ApiserverCounts, 'name' | 'sources' | 'compared'>;

/** Apiservers whose events come by the same sources. */
interface Group {
  readonly sources: readonly string[];
  readonly members: readonly ApiserverConfig[];
  readonly watch: CountWatch;
}

/** Reads what kube-apiservers counted, again and again, and compares it with what is in the log. */
export class ApiserverWatch {
  readonly #options: ApiserverWatchOptions;
  readonly #groups: readonly Group[];
  readonly #readings = new Map<string, Reading>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(options: ApiserverWatchOptions) {
    this.#options = options;
    this.#groups = groupsOf(options);
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), limits.apiserverEveryMs).unref();
    void this.look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks once. Never rejects: what cannot be read is a problem of that apiserver. A look that takes too long leaves out the next one. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    await Promise.all(this.#groups.map((group) => this.#lookAt(group)));
    this.#looking = false;
  }

  counts(): readonly ApiserverCounts[] {
    return this.#groups.flatMap(({ sources, members, watch }) => {
      const compared = comparedOf(watch, members);
      return members.map(({ name }) => ({
        ...{ name, sources, lost: {}, refused: 0 },
        ...this.#readings.get(name),
        ...(compared && { compared }),
      }));
    });
  }

  async #lookAt({ sources, members, watch }: Group): Promise<void> {
    const stored = sources.reduce((sum, source) => sum + this.#options.stored(source), 0);
    const counters = await Promise.all(members.map((member) => this.#read(member)));
    const counted = countedTogether(counters);
    if (counted === undefined) return;
    const starts = counters.map((one) => one?.startedMs).join();
    watch.add({ atMs: this.#options.clock.nowMs(), counted, stored, starts });
  }

  async #read(apiserver: ApiserverConfig): Promise<AuditCounters | undefined> {
    const { name, metrics } = apiserver;
    try {
      const counters = auditCounters(await readMetrics(metrics, await accessOf(apiserver)));
      this.#readings.set(name, readingOf(counters, this.#options.clock.nowMs()));
      return counters;
    } catch (error) {
      const { message, remedy = '' } =
        error instanceof Fault ? error : new Fault('its metrics cannot be read', { code: 'E_METRICS' });
      const known = this.#readings.get(name) ?? { lost: {}, refused: 0 };
      this.#readings.set(name, { ...known, problem: { message, remedy } });
      return undefined;
    }
  }
}

function readingOf({ counted, startedMs, lost, refused }: AuditCounters, nowMs: number): Reading {
  return {
    at: new Date(nowMs).toISOString(),
    ...(startedMs !== undefined && { started: new Date(startedMs).toISOString() }),
    ...(counted === undefined ? { problem: noCounter } : { counted }),
    ...{ lost: Object.fromEntries(lost), refused },
  };
}

/** The files are read each time: tokens are renewed. @throws Fault E_FILE_READ, E_METRICS */
async function accessOf({ tokenFile, tls }: ApiserverConfig): Promise<ClientAccess> {
  const token = tokenFile === undefined ? undefined : (await readUserFile(tokenFile)).toString('utf8').trim();
  const { ca, cert, key } = await readTlsFiles(tls ?? {}, 'E_METRICS');
  return {
    ...{ token, authority: ca, certificate: cert, privateKey: key },
    ...{ serverName: tls?.serverName, insecure: tls?.allowUnverified },
  };
}

function groupsOf({ apiservers, sources }: ApiserverWatchOptions): readonly Group[] {
  const groups = new Map<string, { sources: readonly string[]; members: ApiserverConfig[] }>();
  for (const apiserver of apiservers) {
    const names = [...(apiserver.sources ?? sources)].sort();
    const key = names.join(' ');
    const known = groups.get(key);
    if (known) known.members.push(apiserver);
    else groups.set(key, { sources: names, members: [apiserver] });
  }
  return [...groups.values()].map((group) => ({ ...group, watch: new CountWatch() }));
}

function comparedOf(watch: CountWatch, members: readonly ApiserverConfig[]): ComparedCounts | undefined {
  const verdict = watch.verdict();
  if (!verdict) return undefined;
  const { sinceMs, ...counts } = verdict;
  return { since: new Date(sinceMs).toISOString(), ...counts, together: members.map(({ name }) => name) };
}
