/** A text as SQL writes it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A list of texts as SQL writes it. */
export const listOf = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]::VARCHAR[]`;
