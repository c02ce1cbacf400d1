import { spawnSync } from "node:child_process";

/*
 * Fails if a package that users install has a known vulnerability. Some registries answer no audit: then this says that nothing was
 * checked, and fails only if a release requires the audit, with `--required` or NPM_AUDIT_REQUIRED=true.
 */

const MAX_REPORT_BYTES = 64 * 1024 * 1024;

const isRequired = process.argv.includes("--required") || process.env.NPM_AUDIT_REQUIRED === "true";
const report = readReport();
const total = report.metadata?.vulnerabilities?.total;
if (Number.isInteger(total)) reportVulnerabilities(total, report.vulnerabilities);
else reportNoAudit(report);

/** Runs npm. An answer that is not a JSON object becomes one that says so. */
function readReport() {
  const command = ["audit", "--omit=dev", "--json"];
  const { stdout, error } = spawnSync("npm", command, { encoding: "utf8", maxBuffer: MAX_REPORT_BYTES });
  if (error !== undefined) return { message: `npm did not run: ${error.message}` };
  try {
    const answer = JSON.parse(stdout);
    if (typeof answer === "object" && answer !== null) return answer;
  } catch {
    // npm's own text adds nothing to what follows.
  }
  return { message: "npm's answer is not a report" };
}

function reportVulnerabilities(count, vulnerabilities) {
  console.log(`dependencies audited: ${count} known vulnerabilities`);
  if (count === 0) return;
  for (const [name, found] of Object.entries(vulnerabilities ?? {})) {
    console.log(`  ${name} ${found?.range}: ${found?.severity}`);
  }
  process.exitCode = 1;
}

function reportNoAudit({ message, error }) {
  const why = String(message || error?.summary || "npm gives no reason").split(" - ")[0];
  console.log(`dependencies not audited: npm got no audit (${why}); nothing was checked`);
  if (!isRequired) return;
  console.error("A release requires this audit. Run it with a registry that supports audits.");
  process.exitCode = 1;
}
