import { createPlanter } from '../../src/demo/plant.ts';
import { createRandom } from '../../src/demo/random.ts';
import { nextEvent } from '../generate/events.ts';
import { createWorld } from '../generate/world.ts';
import { harmlessKinds } from './harmless.ts';
import { places } from './places.ts';
import { needleOf, secretKinds } from './secrets.ts';

/** One event with what must go from it, or with nothing that may. */
export interface Sample {
  readonly kind: string;
  readonly place: string;
  readonly line: string;
  /** Must not be in the output in any encoding; empty for an event that must not change. */
  readonly secrets: readonly string[];
  /** Stands among the others for its size only. */
  readonly unjudged?: true;
}

export interface Source {
  readonly source: string;
  readonly about: string;
  readonly samples: readonly Sample[];
}

/**
 * Events with planted values: every kind at every place where it can be recognised, `rounds` times, and as many rounds of
 * harmless events. The same seed gives the same bytes on every machine.
 */
export function generatedSource(seed: number, rounds: number): Source {
  const random = createRandom(seed);
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const secret of secretKinds) {
      for (const { place, classes, event, needle } of places) {
        if (!classes.includes(secret.class)) continue;
        const value = secret.make(random);
        const made = event(value, secret.name);
        const secrets = [needle?.(made) ?? needleOf(secret, value)];
        samples.push({ kind: secret.kind, place, line: JSON.stringify(made), secrets });
      }
    }
    for (const { kind, event } of harmlessKinds)
      samples.push({ kind, place: 'harmless', line: JSON.stringify(event(random)), secrets: [] });
  }
  return { source: 'generated', about: `planted by this benchmark, seed ${seed}`, samples };
}

/**
 * The log that the speed benchmarks read (docs/benchmarks.md): most of its events hold no secret and many values come again.
 * @param megabytes size in 10⁶ bytes
 */
export function everydaySource(seed: number, megabytes: number): Source {
  const random = createRandom(seed);
  const planter = createPlanter(random);
  const world = createWorld(random, planter);
  const samples: Sample[] = [];
  for (let bytes = 0, reported = 0; bytes < megabytes * 1e6; ) {
    const { line } = nextEvent(world);
    bytes += Buffer.byteLength(line) + 1;
    const planted = planter.planted.slice(reported);
    reported += planted.length;
    const secrets = planted
      .filter(({ kind }) => kind !== 'email')
      .map(({ kind, value }) => (kind === 'pem' ? (value.split('\n')[2] ?? value) : value));
    samples.push({ kind: 'everyday', place: 'everyday', line, secrets, ...(secrets.length === 0 ? { unjudged: true } : {}) });
  }
  return { source: 'everyday log', about: 'generated as for the speed benchmarks', samples };
}
