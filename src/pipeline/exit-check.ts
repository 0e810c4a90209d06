import type { TileInspector } from '../core/tile.ts';
import type { Policy } from '../masking/policy.ts';
import { canaryTiles } from './canary-events.ts';
import type { CanaryMark } from './canary-mark.ts';
import { ForwardingGate } from './forwarding-gate.ts';
import { isPolicyId } from './read-policy.ts';

/**
 * For a command that writes what an inspector masked: sends the canaries through it, and gives what looks at everything that is
 * written after them. A policy of one's own may keep their kinds; then there is nothing to look for.
 * @throws Fault E_MASKING_LEAK where a policy of ours leaves them as they are
 */
export async function exitCheck(
  inspector: TileInspector,
  policy: Pick<Policy, 'id'>,
  mark: CanaryMark,
  nowUs: number,
): Promise<(bytes: Uint8Array) => void> {
  const gate = new ForwardingGate(mark);
  const check = (bytes: Uint8Array): void => gate.check(bytes, 'standard output');
  const canaries = mark.forms.map(({ original }) => original);
  for (const tile of canaryTiles(canaries, nowUs)) {
    const masked = await inspector.inspect(tile);
    const isMasked = !mark.isIn(masked.bytes);
    if (!isMasked && !isPolicyId(policy.id)) return () => undefined;
    check(masked.bytes);
    inspector.recycle?.(masked);
  }
  return check;
}
