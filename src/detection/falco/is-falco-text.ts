/** Whether a file holds Falco rules: its first document is a list. Sigma rules are maps. */
export function isFalcoText(text: string): boolean {
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    const content = line.replace(/^---(?=\s|$)/, '').trim();
    if (content === '' || content.startsWith('#') || content.startsWith('%')) continue;
    return content === '-' || content.startsWith('- ') || content.startsWith('[');
  }
  return false;
}
