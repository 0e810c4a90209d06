import { existsSync, readFileSync } from 'node:fs';

/** Largest resident set so far of another process, 10⁶ bytes, as the kernel counts it (VmHWM, proc(5)); 0 where it is gone. */
export function peakMegabytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  const kibibytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1];
  return kibibytes === undefined ? 0 : (Number(kibibytes) * 1024) / 1e6;
}

/** Processor time of another process, all of its threads together: fields 14 and 15 of /proc/<pid>/stat (proc(5)), in ticks of 10 ms. */
export function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
