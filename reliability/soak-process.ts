import { soak } from "./soak";

/** `ts-node reliability/soak-process.ts <minutes>`: prints what the soak came to as JSON; a process of its own, for its memory. */
soak(Number(process.argv[2] ?? 30)).then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = 1;
  },
);
