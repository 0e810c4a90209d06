/** What one run of one case cost. */
export interface Sample {
  /** Input bytes worked through. */
  readonly bytes: number;
  readonly events: number;
  /** User and system time of all threads, microseconds, set-up not included. */
  readonly cpuUs: number;
  readonly wallUs: number;
  /** Largest resident set, bytes. */
  readonly rssBytes: number;
}

/** The work of a case after its set-up. Returns what it went through. */
export type Work = () => Promise<{ readonly bytes: number; readonly events: number }>;

/** A case in its own process: `prepare` is not measured, the work it returns is. */
export type PrepareCase = (input: CaseInput) => Promise<Work>;

export interface CaseInput {
  /** The corpus. */
  readonly file: string;
  /** An empty directory that is removed afterwards. */
  readonly directory: string;
}

/** Times `work` once: CPU time of the whole process, so that garbage collection and compilation count. */
export async function measure(work: Work): Promise<Sample> {
  const wallStart = process.hrtime.bigint();
  const cpuStart = process.cpuUsage();
  const { bytes, events } = await work();
  const cpu = process.cpuUsage(cpuStart);
  const wallUs = Number(process.hrtime.bigint() - wallStart) / 1000;
  return { bytes, events, cpuUs: cpu.user + cpu.system, wallUs, rssBytes: process.resourceUsage().maxRSS * 1024 };
}

/** MB (10⁶ bytes) per CPU-second. */
export const megabytesPerCpuSecond = (sample: Sample): number => sample.bytes / sample.cpuUs;

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  const middle = sorted.length % 2 === 1 ? at(0.5) : (at(0.5) + (sorted[sorted.length / 2 - 1] ?? Number.NaN)) / 2;
  return { median: middle, low: at(0), high: sorted.at(-1) ?? Number.NaN };
}
