/**
 * Loaded by `node --require` into every Node process of a measured command: at its end it leaves a line with its processor time and
 * its peak memory. The provider is ended by SIGINT, which has no "exit" of its own.
 */
const { appendFileSync } = require("node:fs");
const { join } = require("node:path");

const folder = process.env.BENCH_WITNESS;

function note() {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const seen = {
    command: process.argv.slice(1, 2).join(" "),
    cpuMs: (userCPUTime + systemCPUTime) / 1_000,
    peakMb: maxRSS / 1_024,
    wallMs: performance.now(),
  };
  appendFileSync(join(folder, `${process.pid}.json`), JSON.stringify(seen));
}

if (folder !== undefined) {
  process.once("exit", note);
  process.once("SIGINT", () => process.exit(130));
}
