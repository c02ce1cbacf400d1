import { removeEnvironment } from "../test/support/environment";
import type { Benchmark } from "./benchmark";
import { BENCHMARKS } from "./benchmarks";
import { listTargets, writeDocument } from "./document";
import { type Figure, readFigures, writeFigures } from "./figures";
import { describeMachine, readLoad } from "./machine";

/** `npm run bench -- document` writes the document from the stored figures, without measuring. */
const DOCUMENT_ONLY = "document";

/** Runs the named benchmarks, or all of them, and writes the document; other benchmarks keep their figures. */
async function runBenchmarks(names: readonly string[]): Promise<void> {
  const known = [...BENCHMARKS.map(({ name }) => name), DOCUMENT_ONLY];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`unknown benchmark ${unknown.join(", ")}: use one of ${known.join(", ")}`);
  const selected = names.length === 0 ? BENCHMARKS : BENCHMARKS.filter(({ name }) => names.includes(name));
  for (const benchmark of selected) {
    const figure = await measure(benchmark);
    writeFigures({ ...readFigures(), [benchmark.name]: figure });
  }
  const figures = readFigures();
  await writeDocument(BENCHMARKS, figures);
  await removeEnvironment();
  print("wrote docs/performance.md");
  const missed = listTargets(BENCHMARKS, figures).filter(({ isMet }) => !isMet);
  for (const { what, target, result } of missed) print(`missed: ${what}: ${result}, target: ${target}`);
}

async function measure(benchmark: Benchmark<unknown>): Promise<Figure> {
  const beganAtMs = performance.now();
  const loadBefore = readLoad();
  const getElapsedSeconds = () => Math.round((performance.now() - beganAtMs) / 1_000);
  print(`${benchmark.name} …`);
  const rows = await benchmark.measure((line) =>
    print(`  ${benchmark.name}, ${getElapsedSeconds()} s: ${line}`),
  );
  const seconds = getElapsedSeconds();
  print(`${benchmark.name}: ${seconds} s`);
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine: await describeMachine(), load: [loadBefore, readLoad()], seconds, rows };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

runBenchmarks(process.argv.slice(2)).catch(async (error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
  await removeEnvironment();
});
