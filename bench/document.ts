import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import type { Figure, Figures } from "./figures";
import { REPOSITORY } from "./machine";
import type { Aim, Part } from "./part";
import { table } from "./text";

const DOCUMENT = join(REPOSITORY, "docs", "performance.md");

/** Writes the document from the figures that there are; a part without figures says so. */
export async function writeDocument(parts: readonly Part<unknown>[], figures: Figures): Promise<void> {
  const sections = [
    TITLE,
    summary(parts, figures),
    ...parts.map((part) => sectionOf(part, figures[part.name])),
  ];
  writeFileSync(
    DOCUMENT,
    await prettier.format(sections.join("\n\n"), {
      ...(await prettier.resolveConfig(DOCUMENT)),
      parser: "markdown",
    }),
  );
}

/** The aims of the parts that have figures. */
export function aimsOf(parts: readonly Part<unknown>[], figures: Figures): readonly Aim[] {
  return parts.flatMap((part) => {
    const figure = figures[part.name];
    return figure === undefined ? [] : part.aims(figure.rows);
  });
}

const TITLE = `# Fleets and speed

Written by \`npm run bench\`, which measures all of this anew; \`npm run bench -- previews\` measures one part and keeps the others. The
figures lie in [performance/figures.json](performance/figures.json). Times are of the machine and of what else it did, ratios much less so: what is
compared was run in turns. What must not grow again is held by counts and ratios in the tests, never by time.`;

function summary(parts: readonly Part<unknown>[], figures: Figures): string {
  const rows = aimsOf(parts, figures).map(({ what, aim, result, isMet, reason }) => [
    what,
    aim,
    result,
    isMet ? "met" : ["**not met**", reason].filter(Boolean).join(": "),
  ]);
  return `## In short\n\n${table(["measured", "aim", "result", ""], rows)}`;
}

function sectionOf(part: Part<unknown>, figure: Figure | undefined): string {
  const heading = `## ${part.title}`;
  const isRun = `\`npm run bench -- ${part.name}\``;
  if (figure === undefined) return `${heading}\n\nNot measured yet: ${isRun}.`;
  return [heading, part.how, part.section(figure.rows), whenOf(figure, isRun)].join("\n\n");
}

function whenOf({ date, machine, load, seconds }: Figure, isRun: string): string {
  const { processors, memoryGib, system, node, sdk, cli } = machine;
  return (
    `_${isRun}, ${date}, ${Math.ceil(seconds / 60)} min: ${processors}, ${memoryGib} GiB, ${system}; Node.js ${node}, SDK ${sdk}, CLI ${cli}; ` +
    `load ${load[0]} before, ${load[1]} after._`
  );
}
