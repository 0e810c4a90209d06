// AssemblyScript. What the module exports.
export { candidates, newlines, sipHash, triggerTables } from "./kernel";
export { forgetStrings, remember, stringsFull, stringTables } from "./strings";
export { candidatesEnd, tapeEnd, walk, walkTables } from "./walk";
