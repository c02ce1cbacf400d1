/**
 * `node --require` loads this into every Node process of a measured command. At its end, the process writes its processor time and
 * peak memory to a file. SIGINT ends the provider without an "exit" event, so it is turned into one.
 */
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const folder = process.env.BENCH_USAGE_FOLDER;

function writeUsage() {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = {
    command: process.argv.slice(1, 2).join(" "),
    cpuMs: (userCPUTime + systemCPUTime) / 1_000,
    peakMb: maxRSS / 1_024,
  };
  writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(usage));
}

if (folder !== undefined) {
  process.once("exit", writeUsage);
  process.once("SIGINT", () => process.exit(130));
}
