import type { Chart } from './chart.ts';
import { initChart } from './modules.ts';

/**
 * The drawing as SVG text, where there is no page; empty where the chart is. Throws what ECharts throws of a faulty option. Names
 * inside begin with the chart's own, so that drawings share a page, and so that the same chart gives the same text.
 */
export function svgOf({ id, option, height }: Chart, { width }: { width: number }): string {
  if (option === null) return '';
  const chart = initChart(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return renamed(chart.renderToSVGString(), id);
  } finally {
    chart.dispose();
  }
}

/** ECharts numbers classes and clip paths on, drawing after drawing. */
function renamed(svg: string, id: string): string {
  const names = new Map<string, string>();
  return svg.replace(/\bzr\d+-(?:cls-|c|g|p)\d+\b/g, (name) => {
    const known = names.get(name) ?? `${id}-${names.size}`;
    names.set(name, known);
    return known;
  });
}
