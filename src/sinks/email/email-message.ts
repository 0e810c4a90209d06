import type { ChatDetail, ChatMessage } from '../chat/chat-message.ts';

export interface EmailText {
  /** One line of printable text. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Text as HTML shows it, in content and in attributes with double quotation marks. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const foot = 'Masked values stand for what was seen; the log of Auditveil has every finding.';

/** A digest as plain text and as minimal HTML that says the same: no pictures, no scripts, no styles from outside. */
export function emailText({ title, details, rest }: ChatMessage, subjectPrefix: string): EmailText {
  return {
    subject: `${subjectPrefix} ${title}`.trim(),
    text: [title, ...details.map(textOf), ...(rest.length > 0 ? [rest.join('\n')] : []), foot].join('\n\n'),
    html: [
      '<!doctype html><html><body style="font-family:sans-serif">',
      `<h2>${escapeHtml(title)}</h2>`,
      ...details.map(htmlOf),
      ...(rest.length > 0 ? [`<ul>${rest.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`] : []),
      `<p><small>${foot}</small></p></body></html>`,
    ].join('\n'),
  };
}

function textOf({ title, severity, lines, link }: ChatDetail): string {
  const fields = lines.map(([label, value]) => `  ${`${label}:`.padEnd(9)}${value}`);
  return [`${severity.toUpperCase()}: ${title}`, ...fields, ...(link === undefined ? [] : [`  ${link}`])].join('\n');
}

function htmlOf({ title, severity, lines, link }: ChatDetail): string {
  const rows = lines.map(([label, value]) => `<tr><td>${escapeHtml(label)}</td><td><code>${escapeHtml(value)}</code></td></tr>`);
  const open = link === undefined ? '' : `<p><a href="${escapeHtml(link)}">Open</a></p>`;
  return `<h3>${escapeHtml(severity.toUpperCase())}: ${escapeHtml(title)}</h3><table>${rows.join('')}</table>${open}`;
}
