import { spawnSync } from "node:child_process";

/** Fails if a package that users install has a known vulnerability. If the registry does not support audits, says so. */
const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8" });
const report = JSON.parse(stdout);
if (report.metadata === undefined) {
  const why = report.message ?? report.error?.summary ?? "no report";
  console.log(
    `dependencies not audited: the registry does not support audits (${String(why).split(" - ")[0]})`,
  );
} else {
  const { total } = report.metadata.vulnerabilities;
  console.log(`dependencies audited: ${total} known vulnerabilities`);
  if (total > 0) {
    for (const [name, { severity, range }] of Object.entries(report.vulnerabilities)) {
      console.log(`  ${name} ${range}: ${severity}`);
    }
    process.exitCode = 1;
  }
}
