// AssemblyScript. What the module exports.
export { candidates, newlines, sipHash } from './kernel';
export { tapeEnd, walk, walkTables } from './walk';
