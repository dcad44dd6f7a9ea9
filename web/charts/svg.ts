import type { Chart } from './chart.ts';
import { initChart } from './modules.ts';

/** The drawing as SVG text, where there is no page; empty where the chart is. Throws what ECharts throws of a faulty option. */
export function svgOf({ option, height }: Chart, { width }: { width: number }): string {
  if (option === null) return '';
  const chart = initChart(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
