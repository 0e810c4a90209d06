const whole = new Intl.NumberFormat('en-US');
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** `12,345` */
export const count = (value: number): string => whole.format(value);

/** `12.3K`, for axes and tight places. */
export const compact = (value: number): string => short.format(value);

/** A rate a second: whole from ten on. */
export const rate = (value: number): string =>
  value >= 10 ? whole.format(Math.round(value)) : String(Math.round(value * 10) / 10);

/** `1 finding`, `2 findings` */
export const many = (value: number, word: string): string => `${whole.format(value)} ${word}${value === 1 ? '' : 's'}`;

/** `3.4 MB`: powers of ten. */
export function bytes(value: number): string {
  const steps = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [rest, step] = [value, 0];
  while (rest >= 1000 && step < steps.length - 1) {
    rest /= 1000;
    step++;
  }
  return `${step === 0 || rest >= 100 ? Math.round(rest) : Math.round(rest * 10) / 10} ${steps[step]}`;
}
