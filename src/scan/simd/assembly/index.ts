// AssemblyScript. What the module exports.
export { candidates, newlines, sipHash, triggerTables } from "./kernel";
export { forgetStrings, remember, stringsFull, stringTables } from "./strings";
export { candidatesEnd, fieldsEnd, tapeEnd, walk, walkTables } from "./walk";
