/** Colours come from the style sheet, so that plots follow the theme. Canvas knows no custom properties. */
export function colorOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || 'gray';
}

/** Colours for series that have no meaning of their own, told apart by lightness too. */
export const seriesColors = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-7', 'series-8'] as const;

/** Calls `redraw` when another theme is chosen, here or in the system. Ends when the returned function is called. */
export function onTheme(redraw: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', redraw);
  document.addEventListener('themechange', redraw);
  return () => {
    media.removeEventListener('change', redraw);
    document.removeEventListener('themechange', redraw);
  };
}
