export const say = (text: string): void => void process.stdout.write(`${text}\n`);

let failed = 0;

/** Says whether something holds; how many did not is in `failedChecks`. */
export function check(holds: boolean, what: string): void {
  say(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
  if (!holds) failed++;
}

/** How many checks of this run failed. */
export const failedChecks = (): number => failed;

/** The frame of a run: tells its story, of which an error counts as a failed check, cleans up, and says at the end how it went. */
export async function tell(story: () => Promise<void>, cleanUp: () => Promise<void> | void): Promise<void> {
  try {
    await story();
  } catch (error) {
    check(false, `the story ends: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await cleanUp();
  }
  say(failed === 0 ? 'all checks passed' : `${failed} checks failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
