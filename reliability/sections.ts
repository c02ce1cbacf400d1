import type { Outcome } from "./fault-trial";
import { CONVERGENCE_MS } from "./fault-world";
import type { CrashResults, SummaryRow, TrialResult } from "./results";

export function renderIntroduction(): string {
  return `# Reliability

\`npm run reliability\` runs all of this again and writes this page. The real provider and client send real HTTP requests on loopback to
the emulated ClickHouse Cloud, and both use one virtual clock. A change of size takes ${CONVERGENCE_MS / 1_000} s there.`;
}

export function renderSummary(rows: readonly SummaryRow[]): string {
  const lines = rows.map(
    ({ what, target, result, isMet }) =>
      `| ${what} | ${target} | ${result} | ${isMet ? "met" : "**missed**"} |`,
  );
  return `## Summary

| what | target | result | |
| --- | --- | --- | --- |
${lines.join("\n")}

The fleets run in virtual time, and each change takes 3 to 5 minutes. In the last row, one provider changes ten services one after the
other, on a fast clock and over real HTTP, while one in five requests meets a fault. The heap is measured after a garbage collection, in
the second and in the last quarter of the time.`;
}

export function renderFaults(all: readonly TrialResult[]): string {
  const names = [...new Set(all.map(({ trial }) => trial.fault.name))];
  const rows = names.map((name) =>
    renderRow(
      name,
      all.filter(({ trial }) => trial.fault.name === name),
    ),
  );
  return `${describeFaults(all)}

| fault | run | survived | done | kept | failed | most requests | longest |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

The message of an update whose polls meet the fault permanently:

${renderMessages(all)}`;
}

function describeFaults(all: readonly TrialResult[]): string {
  const survived = all.filter(({ outcome }) => outcome.violations.length === 0).length;
  return `## Faults

Each fault happens at every request of every operation:

- of a create, an update and a destroy: the first read, the change, the first poll, the poll that would show the new size, and the
  confirming read; the requests that read and wake an idle service;
- of a create: the request for the organization, and the read of the service's pipes while the endpoint does not exist yet;
- of a refresh: the read;
- of a refresh and a destroy: the three requests that check whether the setting is deleted.

It happens once, for 30 s, and permanently. **${all.length} combinations run, ${survived} survived.** A survived combination meets all of
these expectations:

- The operation ends within its time limit. It ends at once if a retry can't help.
- The API accepts at most one change, including the next command's. (A failed destroy can't change Pulumi's state, so the next one sends the
  same change again.)
- The state has the size that was last read. It has \`pendingCores\` only if a change may have been accepted.
- The message says what was tried, what was observed, and what to do. It contains nothing of the key.
- Without the fault, the next command succeeds with no manual repair, and the service ends at the declared size. (Nothing is restored if
  the same key sees that the service or its last pipe is deleted.)

"done": the operation ended as if nothing had happened. "kept": it failed, and the state keeps the resource as it was last read. "failed": it
failed before anything changed; a refresh or a destroy left the state as it was.`;
}

export function renderCrashes(provider: CrashResults, cli: CrashResults): string {
  const countSurvivals = (results: CrashResults) =>
    [...results.values()].filter((violations) => violations.length === 0).length;
  const renderVerdict = (results: CrashResults, name: string) => {
    const violations = results.get(name) ?? ["was not run"];
    return violations.length === 0 ? "yes" : `**${violations.join("; ")}**`;
  };
  const rows = [...provider.keys()].map(
    (name) => `| ${name} | ${renderVerdict(provider, name)} | ${renderVerdict(cli, name)} |`,
  );
  return `## Crashes

\`kill -9\` ends Pulumi's real dynamic-provider process before the API handles a request, and after it has responded: a create's request for
the organization, the first read, the change, a poll while the change is in progress, the read that shows the new size, and the confirming
read. Changes arrive at once, or take some seconds ("slow change"). **${provider.size} kills, ${countSurvivals(provider)} survived.** The same kills end the
real CLI; then \`pulumi cancel\` and the same command run. **${cli.size} kills, ${countSurvivals(cli)} survived.**

A survived kill meets all of these expectations:

- Every change asks for the declared size.
- The change is sent again only if the first one has not arrived when the next command reads the size. (Pulumi stores nothing of a killed
  command.)
- The provider that a killed CLI leaves behind sends no change, and ends.
- The next command succeeds, the service ends at the size, and the state has it.

One thing is lost: the original size, if a create is killed and its change has arrived when the next command reads. Destroy then leaves the
size as it is, and says so.

| killed | provider survived | CLI survived |
| --- | --- | --- |
${rows.join("\n")}`;
}

function renderRow(name: string, results: readonly TrialResult[]): string {
  const count = (ending: Outcome["ending"]) =>
    results.filter(({ outcome }) => outcome.ending === ending).length;
  const survived = results.filter(({ outcome }) => outcome.violations.length === 0).length;
  const cells = [
    name,
    results.length,
    survived === results.length ? String(survived) : `**${survived}**`,
    count("done"),
    count("kept"),
    count("failed"),
    Math.max(...results.map(({ outcome }) => outcome.requests)),
    `${Math.max(...results.map(({ outcome }) => outcome.seconds))} s`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function renderMessages(all: readonly TrialResult[]): string {
  return all
    .filter(
      ({ trial }) =>
        trial.operation === "update" && trial.point === "poll" && trial.persistence === "permanently",
    )
    .filter(({ outcome }) => outcome.message !== "")
    .map(({ trial, outcome }) => `- ${trial.fault.name}: ${removeRandomParts(outcome.message)}`)
    .join("\n");
}

/** Removes request ids and ports, which differ in each run. */
function removeRandomParts(message: string): string {
  return message
    .replaceAll(/request ID [0-9a-f-]{36}/g, "request ID …")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:…");
}
