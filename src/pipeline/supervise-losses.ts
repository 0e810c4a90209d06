import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import { builtinRules } from '../findings/builtin.ts';
import type { LossKind, LossReport } from '../log/loss-report.ts';
import type { Meter } from './meter.ts';
import { ownFinding, type SayOptions, sayFindings } from './say-findings.ts';

const intervalMs = 5_000;
/** Places a finding names at most. */
const namedAtMost = 16;
/** Places that are remembered so that each is said once, however many readers come by. */
const rememberedAtMost = 10_000;

/** What was never acknowledged is no loss. */
const noLoss: readonly LossKind[] = ['torn-tail', 'zero-tail'];

const remedies: Readonly<Record<LossKind, string>> = {
  'torn-tail': 'Nothing is lost that was acknowledged.',
  'zero-tail': 'Nothing is lost that was acknowledged.',
  'damaged-records': 'Check the disk; bring the records back from a sink or a copy, if they are needed.',
  'damaged-header': 'Check the disk; the records behind the header were read.',
  'missing-segment': 'Find out who deleted or emptied the file; bring it back before the next start, if there is a copy.',
  'damaged-position': 'Nothing is lost: the reader starts over at the oldest record, and repeats are to be expected.',
  'damaged-digests':
    'Look with `auditveil verify`: the digests up to now are in a file beside, new ones are made from here on. Compare with a checkpoint.',
  'position-beyond-log': 'Check the disk: the end of the log is gone. The reader goes on with what comes now.',
  'reader-behind': 'Bring the sink back sooner, raise log.maxBytes or log.maxAgeMs, or let it hold (whenBehind: hold).',
};

export interface SuperviseLossesOptions {
  readonly config: { readonly cluster: { readonly name: string } };
  readonly identify: (text: string) => string;
  readonly meter: Pick<Meter, 'lost' | 'found'>;
  readonly clock: Clock;
  readonly found: (findings: readonly Finding[]) => Promise<void>;
  readonly notice: (text: string) => void;
}

type FindingsLog = SayOptions['findings'];

/**
 * Says what a log lost: at once as a metric and to people, and as findings, one for each kind of loss, log and few
 * seconds, in the findings log. What cannot be written there is kept and tried again.
 */
export class LossSupervision {
  readonly #options: SuperviseLossesOptions;
  readonly #said = new Set<string>();
  #waiting: { readonly log: string; readonly report: LossReport }[] = [];
  #unwritten: Finding[] = [];
  #findings: FindingsLog | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: SuperviseLossesOptions) {
    this.#options = options;
  }

  /** May be called before there is a findings log: it may be that log which lost something. */
  report(log: string, report: LossReport): void {
    this.#options.meter.lost(log, report);
    if (noLoss.includes(report.kind)) return;
    const place = `${log} ${report.kind} ${report.segment} ${report.offset} ${isOfReader(report) ? report.reader : ''}`;
    if (this.#said.has(place)) return;
    if (this.#said.size >= rememberedAtMost) this.#said.clear();
    this.#said.add(place);
    this.#waiting.push({ log, report });
    this.#options.notice(describe(log, report));
  }

  /** Something else that is lost, as a finding of its own; said to people too. */
  add(finding: Finding, text: string): void {
    this.#options.notice(text);
    // In its turn: what is being written at this moment is not added to.
    this.#turn = this.#turn.then(() => void this.#unwritten.push(finding));
    void this.flush();
  }

  /** Findings go there from now on; those about what was lost before are written before this resolves, if that works. */
  async begin(findings: FindingsLog): Promise<void> {
    this.#findings = findings;
    await this.flush();
    this.#timer = setInterval(() => void this.flush(), intervalMs).unref();
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#write()).catch(() => undefined);
    return this.#turn;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const log of new Set(waiting.map((loss) => loss.log))) {
      const ofLog = waiting.filter((loss) => loss.log === log).map(({ report }) => report);
      for (const kind of new Set(ofLog.map((report) => report.kind)))
        this.#unwritten.push(
          this.#finding(
            log,
            ofLog.filter((report) => report.kind === kind),
          ),
        );
    }
    if (!this.#findings) return;
    await sayFindings({ ...this.#options, findings: this.#findings }, this.#unwritten);
    this.#unwritten = [];
  }

  /** @param reports of one kind. The id depends on the first place alone: a loss that is met again has the id it had. */
  #finding(log: string, reports: readonly LossReport[]): Finding {
    const { config, clock, identify } = this.#options;
    const sum = (of: (report: LossReport) => number): string => String(reports.reduce((total, report) => total + of(report), 0));
    const [first] = reports;
    const kind = first?.kind ?? 'damaged-records';
    const named = (texts: readonly (string | undefined)[]): readonly string[] =>
      [...new Set(texts)].filter((text) => text !== undefined).slice(0, namedAtMost);
    const rule = kind === 'reader-behind' ? builtinRules.readerBehind : builtinRules.logLoss;
    const evidence = {
      'log.name': [log],
      'log.loss': [kind],
      'log.place': named(reports.map(({ segment, offset }) => `segment ${segment}, byte ${offset}`)),
      'log.places': [String(reports.length)],
      'log.bytes': [sum(({ bytes }) => bytes)],
      'log.recordsAtLeast': [sum(({ records }) => records)],
      'log.reader': named(reports.map(({ reader }) => reader)),
      'log.remedy': [remedies[kind]],
    };
    const place = { identify, cluster: config.cluster.name, nowMs: clock.nowMs() };
    return ownFinding(rule, `log-loss ${log} ${kind} ${first?.segment} ${first?.offset}`, evidence, place);
  }
}

/** Whether the loss is that of one reader alone. All others every reader meets. */
function isOfReader({ kind }: LossReport): boolean {
  return kind === 'reader-behind' || kind === 'damaged-position' || kind === 'position-beyond-log';
}

function describe(log: string, { kind, segment, offset, reader }: LossReport): string {
  const who = reader === undefined ? '' : ` (reader ${reader})`;
  return `the ${log} log: ${kind} in segment ${segment} at byte ${offset}${who}`;
}
