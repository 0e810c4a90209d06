import { bundledProgram } from './bundled-program.ts';

/** Where a worker thread begins. */
const { serveTiles } = bundledProgram() ?? (await import('./serve-tiles.ts'));
await serveTiles();
