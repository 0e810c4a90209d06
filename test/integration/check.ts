export const say = (text: string): void => void process.stdout.write(`${text}\n`);

let failed = 0;

/** Says whether something holds; how many did not is in `failedChecks`. */
export function check(holds: boolean, what: string): void {
  say(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
  if (!holds) failed++;
}

/** How many checks of this run failed. */
export const failedChecks = (): number => failed;
