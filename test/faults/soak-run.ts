import { parseArgs } from 'node:util';
import { growthPerHour, soak } from './soak.ts';

/**
 * `npm run test:soak -- [--minutes 10] [--rate 500]`: a steady load with a stall of two seconds a minute. Exit code 1 where an event of
 * a 200 is not in the log once, a planted value is in a file, or, from an hour on, memory grows by more than 1 MB an hour.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string', default: '500' } },
});
const seconds = 60 * Number(values.minutes);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const result = await soak({
  seconds,
  eventsPerSecond: Number(values.rate),
  stallMs: 2_000,
  stallEverySeconds: 60,
  progress: say,
});
const growth = growthPerHour(result.memory);
const most = Math.max(...result.memory.map(([, megabytes]) => megabytes));
const statuses = [...result.answers].map(([status, count]) => `${status || 'none'} ${count}`).join(', ');
say(
  `${result.stored} events answered 200 (answers: ${statuses}), ${result.wrong.length} not once in the log, ${result.leaks.length} leaks`,
);
say(`${result.stalls} stalls; 99 of 100 answers without one within ${Math.ceil(result.p99Ms)} ms`);
say(`memory ${most.toFixed(0)} MB at most, in the second half ${growth.toFixed(1)} MB more an hour`);
const grows = seconds >= 3600 && growth > 1;
process.exitCode = result.wrong.length > 0 || result.leaks.length > 0 || grows ? 1 : 0;
