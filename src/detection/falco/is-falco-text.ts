/** Whether a file holds nothing but comments, as Falco ships its files for local rules. */
export function isBlankText(text: string): boolean {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .every((line) => /^\s*(?:#|---\s*(?:#|$)|$)/.test(line));
}

/** Whether a file holds Falco rules: its first document is a list. Sigma rules are maps. */
export function isFalcoText(text: string): boolean {
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    const content = line.replace(/^---(?=\s|$)/, '').trim();
    if (content === '' || content.startsWith('#') || content.startsWith('%')) continue;
    return content === '-' || content.startsWith('- ') || content.startsWith('[');
  }
  return false;
}
