/**
 * Closes what would let raw event data out of this process's memory: Node.js opens its inspector on SIGUSR1 unless
 * somebody else listens, and its diagnostic reports hold environment and heap details. Core dumps are a limit of the
 * system (`ulimit -c 0`, `LimitCORE=0`); Node.js cannot set it.
 */
export function harden(): void {
  process.on('SIGUSR1', () => undefined);
  if (process.report) {
    process.report.reportOnFatalError = false;
    process.report.reportOnSignal = false;
    process.report.reportOnUncaughtException = false;
  }
}

/** Switches of Node.js that write memory out, among those this process was started with. */
export function unsafeSwitches(execArgv: readonly string[], nodeOptions: string): readonly string[] {
  const unsafe = /^--(?:inspect|heapsnapshot-|heap-prof|abort-on-uncaught-exception|report-|diagnostic-dir)/;
  return [...execArgv, ...nodeOptions.split(/\s+/)].filter((option) => unsafe.test(option));
}
