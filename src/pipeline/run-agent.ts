import { Fault, Faults } from '../core/faults.ts';
import { loosenings } from '../masking/loosening.ts';
import { type AgentSetup, setupDifference } from './agent-setup.ts';
import { leaveNote } from './note-inbox.ts';
import type { OpenPipeline } from './open-pipeline.ts';
import type { ReloadCause, ReloadRequests } from './reload-requests.ts';
import { type PipelineEnd, runPipeline } from './run-pipeline.ts';

const namedAtMost = 8;

export interface RunAgentOptions {
  /** Reads everything anew. @throws Fault or Faults where something of it is wrong */
  readonly load: () => Promise<AgentSetup>;
  readonly open: (setup: AgentSetup) => Promise<OpenPipeline>;
  readonly requests: ReloadRequests;
  readonly stop: AbortSignal;
  /** A reload may mask less than before. */
  readonly allowLooserMasking: boolean;
  readonly nowMs: () => number;
  readonly notice: (text: string) => void;
  /** Told when a pipeline is about to run, and when it has run. */
  readonly starting: (pipeline: OpenPipeline, setup: AgentSetup) => void;
  readonly ran: (pipeline: OpenPipeline, end: PipelineEnd) => void;
}

/**
 * Runs an agent until its sources end or it is stopped, and takes up changed files meanwhile: everything is read, checked and
 * composed beside the running pipeline; only then that is brought to its end and the next one opened on the same log. What
 * cannot be used changes nothing. Nothing is lost on the way: what is not acknowledged comes again.
 */
export async function runAgent(options: RunAgentOptions): Promise<PipelineEnd> {
  let before: AgentSetup | undefined;
  let setup = await options.load();
  for (;;) {
    const round = new Round(options, setup, before);
    try {
      const { end, next } = await round.run();
      if (next === undefined || options.stop.aborted) return end;
      [before, setup] = [setup, next];
    } catch (error) {
      if (before === undefined || round.isOpen) throw error;
      await refuse(options, before, reasons(error));
      [before, setup] = [undefined, before];
    }
  }
}

/** One pipeline, until it ends or gives way to the next. */
class Round {
  readonly #options: RunAgentOptions;
  readonly #setup: AgentSetup;
  /** What ran before, where this is a reload. */
  readonly #before: AgentSetup | undefined;
  readonly #over = new AbortController();
  #sources: OpenPipeline['parts']['sources'] = [];
  #noted: Promise<void> = Promise.resolve();
  /** Whether it came as far as sources and sinks being open. */
  isOpen = false;

  constructor(options: RunAgentOptions, setup: AgentSetup, before: AgentSetup | undefined) {
    this.#options = options;
    this.#setup = setup;
    this.#before = before;
  }

  async run(): Promise<{ readonly end: PipelineEnd; readonly next: AgentSetup | undefined }> {
    const { stop, starting, open, ran } = this.#options;
    const pipeline = await open(this.#setup);
    this.#sources = pipeline.parts.sources;
    const giveWay = new AbortController();
    let next: AgentSetup | undefined;
    let watching: Promise<void> | undefined;
    const opened = (): void => {
      this.#opened();
      watching = this.#next().then((found) => {
        next = found;
        if (found) giveWay.abort();
      });
    };
    try {
      starting(pipeline, this.#setup);
      const end = await runPipeline(
        { ...pipeline.parts, opened, giveWay: giveWay.signal },
        AbortSignal.any([stop, giveWay.signal]),
      );
      ran(pipeline, end);
      // The input ended by itself: a reload has nothing left to do.
      return { end, next: giveWay.signal.aborted ? next : undefined };
    } finally {
      this.#over.abort();
      await watching?.catch(() => undefined);
      await this.#noted;
      await pipeline.close();
    }
  }

  #opened(): void {
    this.isOpen = true;
    if (this.#before === undefined) return;
    const difference = setupDifference(this.#before, this.#setup);
    this.#options.notice(`reloaded: ${describe(difference)}`);
    this.#noted = note(this.#options, this.#setup, 'config-reloaded', { ...difference });
  }

  /** The next setup that can be used; undefined when this round is over before there is one. */
  async #next(): Promise<AgentSetup | undefined> {
    const { requests, stop } = this.#options;
    const over = AbortSignal.any([stop, this.#over.signal]);
    requests.watch(this.#setup.files, this.#setup.state);
    for (;;) {
      const cause = await requests.next(over);
      if (cause === undefined) return undefined;
      const found = await this.#load(cause);
      if (over.aborted) return undefined;
      if (found) return found;
    }
  }

  async #load(cause: ReloadCause): Promise<AgentSetup | undefined> {
    const { load, notice, allowLooserMasking } = this.#options;
    if (cause === 'signal') for (const { source } of this.#sources) await source.reload?.();
    try {
      if (this.#setup.config.sources.some(({ type }) => type === 'stdin')) throw standardInput();
      const next = await load();
      if (next.contents === this.#setup.contents) {
        if (cause === 'signal') notice('reload: configuration, rules and packs are what they were');
        return undefined;
      }
      if (!this.#setup.keyRing.isContinuedBy(next.keyRing)) throw otherKeys();
      const looser = loosenings(this.#setup.engine.policy, next.engine.policy);
      if (looser.length > 0 && !allowLooserMasking) throw looserMasking(looser);
      return next;
    } catch (error) {
      await refuse(this.#options, this.#setup, reasons(error));
      return undefined;
    }
  }
}

function standardInput(): Fault {
  return new Fault('standard input cannot be opened a second time', {
    code: 'E_RELOAD_STDIN',
    remedy: 'Restart the process when its input has ended.',
  });
}

function otherKeys(): Fault {
  return new Fault('the key file holds other keys than this process started with', {
    code: 'E_RELOAD_KEYS',
    remedy: 'Pseudonyms would not join any more: restart the process if that is meant.',
  });
}

function looserMasking(rules: readonly string[]): Fault {
  const named = rules.slice(0, namedAtMost).join(', ');
  const more = rules.length > namedAtMost ? ` and ${rules.length - namedAtMost} more` : '';
  return new Fault(`it may mask less than before (${named}${more})`, {
    code: 'E_RELOAD_LOOSER',
    remedy: 'A running agent masks less only where it was started with --allow-looser-masking; or restart it.',
  });
}

function reasons(error: unknown): readonly Fault[] {
  if (error instanceof Faults) return error.faults;
  if (error instanceof Fault) return [error];
  return [new Fault('it cannot be used', { code: 'E_RELOAD_FAILED', cause: error })];
}

/** Says what is wrong, and notes it: what runs goes on as it was. */
async function refuse(options: RunAgentOptions, setup: AgentSetup, faults: readonly Fault[]): Promise<void> {
  for (const { location, message, remedy } of faults.slice(0, namedAtMost)) {
    const place = location === undefined ? '' : `${location.file}:${location.line}:${location.column}: `;
    options.notice(
      `reload refused, everything stays as it was: ${place}${message}${remedy === undefined ? '' : `\n  ${remedy}`}`,
    );
  }
  // Messages about a place in a file quote it, and files hold names and addresses: the note says where to look.
  const why = faults
    .slice(0, namedAtMost)
    .map(({ code, message, location }) => (location ? `${location.file}:${location.line} (${code})` : `${message} (${code})`));
  await note(options, setup, 'config-refused', { why });
}

/** A note that cannot be left is not worth stopping for. */
async function note(
  { nowMs }: RunAgentOptions,
  { config }: AgentSetup,
  what: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  const at = new Date(nowMs()).toISOString();
  const by = { uid: process.getuid?.(), name: 'agent' };
  await leaveNote(config.log.directory, { note: what, at, by, ...details }).catch(() => undefined);
}

function describe({ options, policy, rulesAdded, rulesRemoved, maskRules }: ReturnType<typeof setupDifference>): string {
  const parts = [
    ...(options.length > 0 ? [`options ${options.join(', ')}`] : []),
    ...(policy === undefined
      ? []
      : [`policy ${policy.before} → ${policy.now}, mask rules ${maskRules.before} → ${maskRules.now}`]),
    ...(rulesAdded.length > 0 ? [`${rulesAdded.length} rules more`] : []),
    ...(rulesRemoved.length > 0 ? [`${rulesRemoved.length} rules less`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : 'rules or packs with the same names';
}
