import { removeEnvironment } from "../test/support/environment";
import { aimsOf, writeDocument } from "./document";
import { type Figure, readFigures, writeFigures } from "./figures";
import { load, machine } from "./machine";
import type { Part } from "./part";
import { PARTS } from "./parts";

/** Measures the named parts, or all of them, and writes the document anew with the figures of the others kept. */
async function bench(names: readonly string[]): Promise<void> {
  const unknown = names.filter(
    (name) => name !== DOCUMENT_ALONE && !PARTS.some((part) => part.name === name),
  );
  if (unknown.length > 0) {
    throw new Error(
      `no part ${unknown.join(", ")}: there are ${[...PARTS.map(({ name }) => name), DOCUMENT_ALONE].join(", ")}`,
    );
  }
  const wanted = names.length === 0 ? PARTS : PARTS.filter(({ name }) => names.includes(name));
  for (const part of wanted) {
    const figure = await measured(part);
    writeFigures({ ...readFigures(), [part.name]: figure });
  }
  const figures = readFigures();
  await writeDocument(PARTS, figures);
  await removeEnvironment();
  say("docs/performance.md is written");
  const unmet = aimsOf(PARTS, figures).filter(({ isMet }) => !isMet);
  for (const { what, aim, result } of unmet) say(`not met: ${what}: ${result}, aim: ${aim}`);
}

/** `npm run bench -- document` writes the document from the figures that there are. */
const DOCUMENT_ALONE = "document";

async function measured(part: Part<unknown>): Promise<Figure> {
  const beganAtMs = performance.now();
  const before = load();
  const elapsed = () => Math.round((performance.now() - beganAtMs) / 1_000);
  say(`${part.name} …`);
  const rows = await part.measure((line) => say(`  ${part.name}, ${elapsed()} s: ${line}`));
  const seconds = elapsed();
  say(`${part.name}: ${seconds} s`);
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine: await machine(), load: [before, load()], seconds, rows };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

bench(process.argv.slice(2)).catch(async (error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
  await removeEnvironment();
});
