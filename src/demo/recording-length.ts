/** How long the recording lasts, milliseconds. Apart from it, so that a command can know without loading it. */
export const recordingMs = 60_000;
