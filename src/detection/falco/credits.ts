/** Who holds the copyright and under which licence, where the head of the file says so (SPDX). */
export function creditsOf(text: string): { readonly author: string | undefined; readonly licence: string | undefined } {
  const head = text.slice(0, 2048);
  const author = /^#\s*Copyright \(C\) [\d, -]*(.+?)\.?\s*$/m.exec(head)?.[1];
  return { author, licence: /^#\s*SPDX-License-Identifier:\s*(\S+)/m.exec(head)?.[1] };
}
