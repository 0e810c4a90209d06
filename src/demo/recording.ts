import { everyday } from './everyday.ts';
import { intrusion } from './intrusion.ts';
import { createPlanter, type PlantedSecret } from './plant.ts';
import { createRandom } from './random.ts';
import { recordingMs } from './recording-length.ts';
import { createScene, type RecordedEvent } from './scene.ts';

/** A minute of a small cluster with an intrusion in it. All names, addresses and secrets are made up. */
export interface Recording {
  /** In the order in which the API server would have written them. */
  readonly events: readonly RecordedEvent[];
  readonly planted: readonly PlantedSecret[];
}

/** @param startMs the recording's time zero, milliseconds since the epoch. Same seed and start, same recording. */
export function makeRecording(startMs: number, seed = 2026): Recording {
  const random = createRandom(seed);
  const plant = createPlanter(random);
  const scene = createScene(random, plant, startMs);
  everyday(scene, recordingMs);
  intrusion(scene);
  const events = [...scene.events].sort((a, b) => a.at - b.at);
  return { events, planted: plant.planted };
}
