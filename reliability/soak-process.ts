import { runSoak } from "./soak";

/** `ts-node reliability/soak-process.ts <minutes>` prints the result as JSON. A process of its own keeps its heap comparable. */
runSoak(Number(process.argv[2] ?? 30)).then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = 1;
  },
);
