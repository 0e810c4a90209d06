import { z } from 'zod';

const dayMs = 24 * 3_600_000;

/** How long and how much of one class of records is kept. */
export interface RetentionBounds {
  readonly keepMs?: number | undefined;
  readonly maxAgeMs?: number | undefined;
  readonly maxBytes?: number | undefined;
}

export type RetentionClass = 'events' | 'findings';

/** What frameworks ask for, by class. Findings hold reviews and our own audit too. */
const presets = {
  /** PCI DSS 4.0, 10.5.1: twelve months, the last three at hand. */
  pci: { events: { keepMs: 90 * dayMs, maxAgeMs: 365 * dayMs }, findings: { keepMs: 365 * dayMs } },
  /** HIPAA, 45 CFR 164.316(b)(2)(i): six years for what documents security measures. */
  hipaa: { events: { keepMs: 90 * dayMs, maxAgeMs: 2_192 * dayMs }, findings: { keepMs: 2_192 * dayMs } },
} as const satisfies Readonly<Record<string, Readonly<Record<RetentionClass, RetentionBounds>>>>;

const presetNames = Object.keys(presets) as (keyof typeof presets)[];

const bounds = (what: string) =>
  z
    .strictObject({
      keepMs: z
        .int()
        .min(0)
        .optional()
        .describe('What is younger is not deleted for its size: where that leaves no room, events are refused.'),
      maxAgeMs: z
        .int()
        .min(60_000)
        .optional()
        .describe('Closed segments whose newest record is older are deleted, never ones a sink or a hold needs.'),
      maxBytes: z
        .int()
        .min(1024 * 1024)
        .optional()
        .describe('Beyond this size the oldest closed segments are deleted, never ones a sink or a hold needs.'),
    })
    .refine(({ keepMs = 0, maxAgeMs = Number.POSITIVE_INFINITY }) => keepMs <= maxAgeMs, {
      message: 'keepMs must not be longer than maxAgeMs',
      path: ['keepMs'],
    })
    .optional()
    .describe(what);

/** The options of `log.retention`. */
export const retentionSchema = z
  .strictObject({
    preset: z
      .enum(presetNames)
      .optional()
      .describe(
        'Ages that a framework asks for ([retention](retention.md)): `pci` keeps events 90 days at least and a year at most, findings and notes a year at least; `hipaa` the same with six years.',
      ),
    events: bounds('Masked events.'),
    findings: bounds('Findings, reviews, and our own audit.'),
  })
  .optional()
  .describe(
    'How long each class of records is kept. What is not set here is as `preset` says, else as `log.maxBytes` and `log.maxAgeMs`.',
  );

interface LogOptions {
  readonly maxBytes?: number | undefined;
  readonly maxAgeMs?: number | undefined;
  readonly retention?: z.infer<typeof retentionSchema>;
}

/** The bounds of one log. What is set for the class has precedence, then the preset, then what is set for both. */
export function retentionOf({ maxBytes, maxAgeMs, retention }: LogOptions, name: RetentionClass): RetentionBounds {
  const preset: RetentionBounds = retention?.preset === undefined ? {} : presets[retention.preset][name];
  const own: RetentionBounds = retention?.[name] ?? {};
  const chosen = {
    keepMs: own.keepMs ?? preset.keepMs,
    maxAgeMs: own.maxAgeMs ?? preset.maxAgeMs ?? maxAgeMs,
    maxBytes: own.maxBytes ?? maxBytes,
  };
  // Of two that disagree the longer one counts: a preset is a promise.
  const { keepMs = 0, maxAgeMs: mostMs } = chosen;
  const ageMs = mostMs === undefined ? undefined : Math.max(mostMs, keepMs);
  return Object.fromEntries(
    Object.entries({ ...chosen, maxAgeMs: ageMs }).filter(([, value]) => value !== undefined),
  ) as RetentionBounds;
}
