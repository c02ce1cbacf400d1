import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import type { Benchmark, Target } from "./benchmark";
import type { Figure, Figures } from "./figures";
import { formatTable } from "./format";
import { REPOSITORY } from "./machine";

const DOCUMENT = join(REPOSITORY, "docs", "performance.md");

/** Writes docs/performance.md from the stored figures. A benchmark without figures gets a note instead of a table. */
export async function writeDocument(
  benchmarks: readonly Benchmark<unknown>[],
  figures: Figures,
): Promise<void> {
  const sections = [
    INTRODUCTION,
    renderSummary(benchmarks, figures),
    ...benchmarks.map((benchmark) => renderSection(benchmark, figures[benchmark.name])),
  ];
  const options = { ...(await prettier.resolveConfig(DOCUMENT)), parser: "markdown" };
  writeFileSync(DOCUMENT, await prettier.format(sections.join("\n\n"), options));
}

/** The targets of the benchmarks that have figures. */
export function listTargets(benchmarks: readonly Benchmark<unknown>[], figures: Figures): readonly Target[] {
  return benchmarks.flatMap((benchmark) => {
    const figure = figures[benchmark.name];
    return figure === undefined ? [] : benchmark.listTargets(figure.rows);
  });
}

const INTRODUCTION = `# Performance

\`npm run bench\` measures everything again and writes this page. \`npm run bench -- previews\` measures one section and keeps the
others. The figures are in [performance/figures.json](performance/figures.json).

Absolute times depend on the machine and its load. Ratios depend on them much less, because the compared commands run in turns. The
tests guard against regressions with counts and ratios, never with times.`;

function renderSummary(benchmarks: readonly Benchmark<unknown>[], figures: Figures): string {
  const rows = listTargets(benchmarks, figures).map(({ what, target, result, isMet, reason }) => [
    what,
    target,
    result,
    isMet ? "met" : ["**missed**", reason].filter(Boolean).join(": "),
  ]);
  return `## Summary\n\n${formatTable(["measured", "target", "result", ""], rows)}`;
}

function renderSection(benchmark: Benchmark<unknown>, figure: Figure | undefined): string {
  const heading = `## ${benchmark.title}`;
  const command = `\`npm run bench -- ${benchmark.name}\``;
  if (figure === undefined) return `${heading}\n\nNot measured yet: ${command}.`;
  return [heading, benchmark.method, benchmark.render(figure.rows), describeRun(figure, command)].join(
    "\n\n",
  );
}

function describeRun({ date, machine, load, seconds }: Figure, command: string): string {
  const { processors, memoryGib, system, node, sdk, cli } = machine;
  return (
    `_${command}, ${date}, ${Math.ceil(seconds / 60)} min: ${processors}, ${memoryGib} GiB, ${system}; Node.js ${node}, SDK ${sdk}, CLI ${cli}; ` +
    `load ${load[0]} before, ${load[1]} after._`
  );
}
