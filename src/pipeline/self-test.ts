import { limits } from '../core/limits.ts';
import { recordFlags } from '../core/record.ts';
import type { Inspector, Tile } from '../core/tile.ts';

/** An event with a canary in three places that every policy masks: a Secret's data, an environment variable, a bearer token. */
function canaryEvent(canary: string): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: '00000000-0000-4000-8000-000000000000',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/auditveil-selftest/secrets',
    verb: 'create',
    user: { username: 'system:auditveil:selftest' },
    objectRef: { resource: 'secrets', namespace: 'auditveil-selftest', name: 'canary', apiVersion: 'v1' },
    requestObject: { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'canary' }, stringData: { value: `a-${canary}` } },
    responseObject: {
      kind: 'Pod',
      apiVersion: 'v1',
      spec: {
        containers: [
          {
            name: 'c',
            env: [{ name: 'DB_PASSWORD', value: `b-${canary}` }],
            command: ['curl', '-H', `Authorization: Bearer c-${canary}`],
          },
        ],
      },
    },
  });
}

/**
 * Runs a canary through the inspector and looks for it in what comes out. The record is discarded.
 * @param canary at least 16 random letters and digits
 * @returns why masking cannot be trusted; undefined where it works
 */
export function selfTest(inspector: Inspector, canary: string, nowUs: number): string | undefined {
  const text = Buffer.from(canaryEvent(canary));
  const bytes = Buffer.concat([text, Buffer.alloc(limits.tilePaddingBytes)]);
  const tile: Tile = {
    bytes,
    count: 1,
    starts: Uint32Array.of(0),
    ends: Uint32Array.of(text.length),
    offsets: Float64Array.of(0),
    items: Uint32Array.of(0),
    covers: Uint32Array.of(text.length),
    reasons: Uint8Array.of(0),
    context: { cluster: 'auditveil', source: 'selftest', stream: 'selftest' },
    receivedAtUs: nowUs,
  };
  try {
    const masked = inspector.inspect(tile);
    if (masked.count !== 1 || ((masked.flags[0] ?? 0) & recordFlags.stub) !== 0) return 'the self-test event became a stub';
    return Buffer.from(masked.bytes.buffer, masked.bytes.byteOffset, masked.bytes.length).includes(canary)
      ? 'the self-test found its secret unmasked'
      : undefined;
  } catch {
    return 'the self-test event could not be inspected';
  }
}
