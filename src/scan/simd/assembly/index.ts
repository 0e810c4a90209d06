// AssemblyScript. What the module exports.
export { candidates, newlines, sipHash, triggerTables } from "./kernel";
export { candidatesEnd, tapeEnd, walk, walkTables } from "./walk";
