import type { ECharts } from "echarts";
import { init } from "echarts";

export interface Line {
  readonly name: string;
  /** x and y. */
  readonly points: readonly (readonly [number, number])[];
  readonly isDashed?: boolean;
}

/** A figure of the document: lines over a number of services, both axes logarithmic unless said otherwise. */
export interface Chart {
  /** Of the file, without its ending. */
  readonly file: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
  readonly isLinear?: boolean;
}

const WIDTH = 720;
const HEIGHT = 300;
const BELOW = 54;
const LEGEND_LINE = 24;

/** SVG text, the same for the same figures. */
export function svgOf({ title, x, y, lines, isLinear = false }: Chart): string {
  const chart: ECharts = init(null, null, {
    renderer: "svg",
    ssr: true,
    width: WIDTH,
    height: HEIGHT + BELOW + lines.length * LEGEND_LINE,
  });
  const axis = (name: string) => ({
    type: isLinear ? ("value" as const) : ("log" as const),
    name,
    nameLocation: "middle" as const,
    minorSplitLine: { show: false },
  });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    title: { text: title, left: "center", textStyle: { fontSize: 15 } },
    // One below the other: fonts differ from machine to machine, and names side by side would overlap.
    legend: { bottom: 4, left: 80, orient: "vertical" },
    grid: { left: 80, right: 30, top: 50, bottom: BELOW + lines.length * LEGEND_LINE },
    xAxis: { ...axis(x), nameGap: 26 },
    yAxis: { ...axis(y), nameGap: 56 },
    series: lines.map(({ name, points, isDashed = false }) => ({
      type: "line",
      name,
      data: points.map(([count, value]) => [count, value]),
      symbolSize: 7,
      lineStyle: { type: isDashed ? "dashed" : "solid" },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
