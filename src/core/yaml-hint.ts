/** What is wrong with a YAML text, by the parser's code. Its own messages quote the text, which may hold what must not be shown. */
export function yamlHint(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
