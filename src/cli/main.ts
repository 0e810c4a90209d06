#!/usr/bin/env node
import { bundledProgram } from '../pipeline/bundled-program.ts';

const { startProgram } = bundledProgram() ?? (await import('./start-program.ts'));
void startProgram();
