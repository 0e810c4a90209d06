import { readFile } from 'node:fs/promises';
import type { Config, SourceConfig } from '../config/schema.ts';
import type { Finding, RuleInfo } from '../core/finding.ts';
import { readCertificates } from '../crypto/certificate-facts.ts';
import { builtinRules } from '../findings/builtin.ts';
import type { Reading, Readings } from '../telemetry/readings.ts';
import type { Meter } from './meter.ts';
import { ownFinding, type SayOptions, sayFindings } from './say-findings.ts';
import { SilenceWatch } from './silence-watch.ts';

const lookIntervalMs = 5_000;
const certificateIntervalMs = 3_600_000;
const dayMs = 86_400_000;
const monthDays = 30;
const weekDays = 7;

export interface SuperviseSourcesOptions extends Omit<SayOptions, 'meter'> {
  readonly config: Pick<Config, 'cluster' | 'sources' | 'detect'>;
  readonly identify: (text: string) => string;
  readonly meter: Pick<Meter, 'found' | 'received'>;
}

interface Ending {
  readonly source: string;
  readonly which: string;
  readonly fingerprint: string;
  readonly validToMs: number;
}

/** Watches over what sources depend on and nobody sees by itself: that something comes, and that certificates do not end. */
export class SourceSupervision {
  readonly #options: SuperviseSourcesOptions;
  readonly #watches: readonly { readonly name: string; readonly watch: SilenceWatch }[];
  readonly #said = new Set<string>();
  #endings: readonly Ending[] = [];
  #unsaid: Finding[] = [];
  #certificatesMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SuperviseSourcesOptions) {
    this.#options = options;
    const { config, clock } = options;
    this.#watches = config.sources
      .filter((source) => source.type === 'webhook' || (source.type === 'file' && source.follow))
      .map(({ name }) => ({ name, watch: new SilenceWatch(config.detect.silenceMs, clock.nowMs()) }));
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), lookIntervalMs).unref();
    void this.look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks once. Never rejects: a finding that cannot be written is tried again with the next look. */
  async look(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    for (const { name, watch } of this.#watches)
      if (watch.look(this.#options.meter.received(name), nowMs) === 'begun') this.#unsaid.push(this.#silent(name, watch, nowMs));
    if (nowMs - this.#certificatesMs >= certificateIntervalMs) {
      this.#certificatesMs = nowMs;
      this.#endings = (await Promise.all(this.#options.config.sources.map(endingsOf))).flat();
      this.#unsaid.push(...this.#endings.flatMap((ending) => this.#ending(ending, nowMs)));
    }
    const made = this.#unsaid;
    this.#unsaid = [];
    await sayFindings(this.#options, made).catch(() => this.#unsaid.unshift(...made));
  }

  readings(): Pick<Readings, 'silences' | 'certificates'> {
    return { silences: () => this.silences(), certificates: () => this.certificates() };
  }

  /** Seconds since something came, by source. */
  silences(): readonly Reading[] {
    const nowMs = this.#options.clock.nowMs();
    return this.#watches.map(({ name, watch }) => ({
      value: Math.max(0, nowMs - watch.lastMs) / 1000,
      labels: { source: name },
    }));
  }

  /** When certificates end, seconds since the epoch. */
  certificates(): readonly Reading[] {
    return this.#endings.map(({ source, which, validToMs }) => ({
      value: validToMs / 1000,
      labels: { source, certificate: which },
    }));
  }

  #silent(name: string, watch: SilenceWatch, nowMs: number): Finding {
    return this.#finding(builtinRules.sourceSilent, `silent ${name} ${watch.lastMs}`, nowMs, {
      'source.name': [name],
      'source.lastEvent': [new Date(watch.lastMs).toISOString()],
      'source.silentSeconds': [String(Math.round((nowMs - watch.lastMs) / 1000))],
      'source.usualSeconds': [String(Math.round(watch.allowedMs / 1000))],
      'source.remedy': ['Is kube-apiserver up, and does it still send or write here? auditveil doctor looks at both sides.'],
    });
  }

  #ending({ source, which, fingerprint, validToMs }: Ending, nowMs: number): readonly Finding[] {
    const days = (validToMs - nowMs) / dayMs;
    if (days > monthDays) return [];
    const rule = days > weekDays ? builtinRules.certificateEnding : builtinRules.certificateEndingSoon;
    const name = `certificate ${source} ${fingerprint} ${rule.severity}`;
    if (this.#said.has(name)) return [];
    this.#said.add(name);
    return [
      this.#finding(rule, name, nowMs, {
        'source.name': [source],
        'certificate.which': [which],
        'certificate.validTo': [new Date(validToMs).toISOString()],
        'certificate.remedy': [
          'auditveil init webhook --renew, and hand the new audit-webhook.yaml to kube-apiserver (docs/wiring.md).',
        ],
      }),
    ];
  }

  #finding(rule: RuleInfo, name: string, nowMs: number, evidence: Finding['evidence']): Finding {
    const { identify, config } = this.#options;
    return ownFinding(rule, name, evidence, { identify, cluster: config.cluster.name, nowMs });
  }
}

async function endingsOf(source: SourceConfig): Promise<readonly Ending[]> {
  if (source.type !== 'webhook' || source.tls === undefined) return [];
  const files = [['server', source.tls.certFile] as const, ['client-authority', source.tls.clientCaFile] as const];
  const read = files.map(async ([which, file]) => {
    const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
    const facts = readCertificates(text);
    // Of a chain the first is the server's own; of a bundle of authorities each may be the one that is used.
    const shown = which === 'server' ? facts.slice(0, 1) : facts;
    return shown.map(({ fingerprint, validToMs }) => ({ source: source.name, which, fingerprint, validToMs }));
  });
  return (await Promise.all(read)).flat();
}
