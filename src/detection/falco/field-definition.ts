import type { JsonNode } from './json-node.ts';

/** A path of member names from the event. */
export type Path = readonly string[];

/** How a check can read the field from the values of one path, without looking at the event as a whole. */
export interface DirectReading {
  readonly path: Path;
  /** `scalar`: the value there, whatever its type. `elements`: each element of the lists there; the lists are no values. */
  readonly values: 'scalar' | 'elements';
  /** What is done to each text first; undefined: no value. */
  readonly map?: (text: string) => string | undefined;
}

/** A field with its argument: everything a rule needs to get its values. */
export interface FieldReading {
  readonly isList: boolean;
  /** Values of these paths are read; none for a field that is the same for every event. */
  readonly places: readonly Path[];
  /** The texts of the field, from the values at the places; none where the field is missing. */
  readonly texts: (values: readonly (JsonNode | undefined)[]) => readonly string[];
  readonly direct?: DirectReading;
  /** Nothing stands at this path: the field is missing, and the places need not be read. */
  readonly gate?: Path;
}

/** What the argument in brackets means. `index`: position in a list, optional. `key` and `pointer` are required. */
export type ArgumentKind = 'none' | 'index' | 'key' | 'pointer';

export interface FieldDefinition {
  readonly name: string;
  readonly argument: ArgumentKind;
  readonly isList: boolean;
  readonly about: string;
  /** `upstream`: as the k8saudit and json plugins read it, mistakes included. */
  readonly read: (argument: string | undefined, upstream: boolean) => FieldReading;
}
