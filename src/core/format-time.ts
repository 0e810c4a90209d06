/** RFC 3339 in UTC with microseconds, as audit events write it. `us` is microseconds since the epoch. */
export function formatTime(us: number): string {
  const whole = Math.floor(us);
  const ms = Math.floor(whole / 1000);
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '1970-01-01T00:00:00.000000Z';
  return `${date.toISOString().slice(0, -1)}${String(whole - ms * 1000).padStart(3, '0')}Z`;
}
