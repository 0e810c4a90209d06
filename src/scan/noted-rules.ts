/** Rule number of the pattern that only notes percent-encoded text, which is then read as text of its own. */
export const percentRule = 0xfffe;

/** Rule number of patterns that only note lines which are read as command lines. */
export const commandLineRule = 0xfffd;

/** Rule number of the pattern that only notes text in the shape of our own masks. */
export const forgedMaskRule = 0xffff;
