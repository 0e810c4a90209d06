import type { PlantedEvent } from '../support/planted-events.ts';
import { reveals } from '../support/reveals.ts';

export type Mask = (line: string) => string | undefined;

/** What is wrong with a masked event; `stub` where it was not masked but held back; undefined where all is well. */
export function judge(mask: Mask, { line, secret }: PlantedEvent): string | undefined {
  const masked = mask(line);
  if (masked === undefined) return 'stub';
  try {
    JSON.parse(masked);
  } catch {
    return 'not JSON';
  }
  if (reveals(masked, secret)) return 'leak';
  return mask(masked) === masked ? undefined : 'changes again';
}
