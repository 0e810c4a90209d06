import { writeFile } from 'node:fs/promises';
import { Fault } from '../core/faults.ts';
import { recordingMs } from '../demo/recording-length.ts';
import type { CliContext } from './output.ts';

/** Writes the recording as an audit log whose last event has just happened: to be read by everything else. @throws Fault E_DEMO_WRITE */
export async function writeRecording({ output }: CliContext, file: string, nowMs: number): Promise<void> {
  const { makeRecording } = await import('../demo/recording.ts');
  const { events } = makeRecording(nowMs - recordingMs);
  try {
    await writeFile(file, events.map(({ line }) => `${line}\n`).join(''), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new Fault(code === 'EEXIST' ? `${file} exists already` : `${file} cannot be written (${code})`, {
      code: 'E_DEMO_WRITE',
      remedy: 'Name a file that does not exist, in a folder this user may write to.',
      cause,
    });
  }
  await output.line(
    `${file}: ${events.length} audit events of a small cluster, one minute until now, with an intrusion. Everything in it is made up.`,
  );
  await output.line(nextSteps(file));
}

const nextSteps = (file: string): string => `
Have an agent read it, then look at what it found:
  auditveil run --once ${file} --data-dir demo-data
  auditveil tail --data-dir demo-data
  auditveil serve --data-dir demo-data
  auditveil export --data-dir demo-data --out demo-export && auditveil verify demo-export --pubkey demo-data/signing.pub.pem`;
