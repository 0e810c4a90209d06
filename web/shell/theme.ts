const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const name = 'auditveil-theme';

/** What was chosen last in this browser; the system's choice where nothing was. */
export function savedTheme(): Theme {
  const saved = localStorage.getItem(name);
  return themes.find((one) => one === saved) ?? 'system';
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset['theme'];
    localStorage.removeItem(name);
  } else {
    document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(name, theme);
  }
  document.dispatchEvent(new Event('themechange'));
}

export const themeAfter = (theme: Theme): Theme => themes[(themes.indexOf(theme) + 1) % themes.length] as Theme;
