import type { FieldMapping } from './field-mapping.ts';

/** Every name is a path of the event. Apart from the reader of mapping files, so that rules load without it. */
export const noMapping: FieldMapping = { groups: new Map(), names: new Map(), values: new Map() };
