#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { limits } from '../core/limits.ts';
import { bundledProgram } from '../pipeline/bundled-program.ts';

// Before anything is compiled: what is compiled under other flags is not taken up again.
setFlagsFromString(`--heap-growing-percent=${limits.heapGrowthPercent}`);
const { startProgram } = bundledProgram() ?? (await import('./start-program.ts'));
void startProgram();
