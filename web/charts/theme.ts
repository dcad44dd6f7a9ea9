/** Colours of charts. Text and lines reach 4.5:1 and 3:1 on the theme's own ground (WCAG 2.2, 1.4.3 and 1.4.11). */
export interface Theme {
  name: 'light' | 'dark';
  ground: string;
  text: string;
  muted: string;
  /** Grid lines: they carry nothing. */
  line: string;
  /** Told apart by the colour-blind too: after Okabe and Ito (2008), darkened or lightened for contrast. */
  series: readonly [string, string, string, string, string, string];
  /** From little to much. */
  ramp: readonly [string, string, string];
}

export const themes: Record<Theme['name'], Theme> = {
  light: {
    name: 'light',
    ground: '#ffffff',
    text: '#1b2430',
    muted: '#566173',
    line: '#dde2ea',
    series: ['#0b64b4', '#b45309', '#0f7b5f', '#9b3d83', '#6b7280', '#b42318'],
    ramp: ['#eef5fc', '#6aa9e0', '#0a4a86'],
  },
  dark: {
    name: 'dark',
    ground: '#161c26',
    text: '#eef2f7',
    muted: '#a9b4c4',
    line: '#2d3646',
    series: ['#6cb4ff', '#f0a35e', '#4fd1a5', '#e59fd2', '#b5bdc9', '#ff8a7a'],
    ramp: ['#1d2a3a', '#2f79b8', '#b9dcff'],
  },
};
