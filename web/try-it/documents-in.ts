/** Documents that are looked at of one text: more is not read by people. */
const mostDocuments = 500;

/** What a pasted text holds: one JSON document, JSON lines, or a list of events, whose items are taken apart as agents do. */
export function documentsIn(text: string): readonly string[] {
  const whole = text.trim();
  if (whole === '') return [];
  const items = itemsOf(whole);
  if (items) return items.slice(0, mostDocuments);
  if (isJson(whole)) return [whole];
  return whole
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, mostDocuments);
}

function itemsOf(text: string): readonly string[] | undefined {
  if (!/"kind"\s*:\s*"(?:EventList|List)"/.test(text.slice(0, 300))) return undefined;
  try {
    const { items } = JSON.parse(text) as { readonly items?: unknown };
    return Array.isArray(items) ? items.map((item) => JSON.stringify(item)) : undefined;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
