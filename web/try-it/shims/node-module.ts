import { RE2JS } from 're2js';

/** Loads what the scanner asks for by name: the expression engine that is written in JavaScript. */
export const createRequire =
  () =>
  (name: string): unknown => {
    if (name === 're2js') return { RE2JS };
    throw new Error(`${name} is not in the browser`);
  };
