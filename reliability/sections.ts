import type { Outcome, Trial } from "./fault-trial";
import { CONVERGENCE_MS } from "./fault-world";

export interface Tried {
  readonly trial: Trial;
  readonly outcome: Outcome;
}

export function intro(): string {
  return `Written by \`npm run reliability\`, which tries all of this anew: the real provider and client, real HTTP on loopback, against
the emulated ClickHouse Cloud, both on one virtual clock. A change of size takes ${CONVERGENCE_MS / 1_000} s there.`;
}

export function faultSection(all: readonly Tried[]): string {
  const names = [...new Set(all.map(({ trial }) => trial.misfortune.name))];
  const rows = names.map((name) =>
    rowOf(
      name,
      all.filter(({ trial }) => trial.misfortune.name === name),
    ),
  );
  const survived = all.filter(({ outcome }) => outcome.broken.length === 0).length;
  return `## Faults

Each fault strikes at the first read, the change, the first poll, the poll that would show the size, and the confirming read of a create, an update and a destroy, and at the read of a
refresh; and at every other request there is: a create's for the organization and, before the endpoint exists, for the service's pipes; those for an idle service and its waking;
and the three that tell a refresh and a destroy whether the setting is really gone. It strikes once, for 30 s, and for ever. **${all.length} combinations tried, ${survived} survived.** Survived means all of this:

- it ends within its limit; at once where trying again is no help;
- at most one change is taken by the API, the next command's included (a destroy that fails can't leave anything in Pulumi's state: the
  next one asks for the same size once more);
- the state has the size that was last seen, and \`pendingCores\` exactly where a change may have been taken;
- the message says what was asked, what was seen and what to do, and nothing of the key;
- the next command, without the fault, succeeds without any repair, and the service ends at the declared size (nothing is put back
  where the service or its last pipe is gone, as far as the same key can see).

"done" ended as if nothing had happened, "kept" failed and kept the resource with what was seen, "failed" failed before anything was
changed or, for a refresh and a destroy, left the state as it was.

| fault | tried | survived | done | kept | failed | most requests | longest |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

What an update says that meets the fault at the first poll, and for ever:

${messages(all)}`;
}

export type Survivals = ReadonlyMap<string, readonly string[]>;

export function crashSection(provider: Survivals, cli: Survivals): string {
  const verdict = (of: Survivals, name: string) => {
    const broken = of.get(name) ?? ["was not tried"];
    return broken.length === 0 ? "yes" : `**${broken.join("; ")}**`;
  };
  const survived = (of: Survivals) => [...of.values()].filter((broken) => broken.length === 0).length;
  const rows = [...provider.keys()].map(
    (name) => `| ${name} | ${verdict(provider, name)} | ${verdict(cli, name)} |`,
  );
  return `## Crashes

Pulumi's real dynamic-provider process is killed (\`kill -9\`) before the API has handled a request, and after it has answered it: a
create's question for the organization, the first read, the change, a poll while the change is under way, the read that shows the
size, and the one that confirms it; once with changes that arrive at once, once with changes that take some seconds. **${provider.size} points tried, ${survived(provider)} survived.** Then
the same with the real CLI, followed by \`pulumi cancel\` and the same command again. **${cli.size} points tried, ${survived(cli)} survived.**

Survived means: every change asks for the declared size; a second one is sent only where the first has not arrived when the next
command looks (Pulumi keeps nothing of a killed command: a change on its way is asked for once more); what the CLI left behind sends no
change after the kill, and ends; the next command succeeds, the service ends at the size, and the state has it. The one thing that is lost
is the size from before, where a create dies and its change has arrived when the next one looks. Destroy then leaves the size and says so.

| killed | survived by the provider's death | by the CLI's |
| --- | --- | --- |
${rows.join("\n")}`;
}

function rowOf(name: string, some: readonly Tried[]): string {
  const count = (ending: Outcome["ending"]) => some.filter(({ outcome }) => outcome.ending === ending).length;
  const survived = some.filter(({ outcome }) => outcome.broken.length === 0).length;
  const mostRequests = Math.max(...some.map(({ outcome }) => outcome.requests));
  const longestS = Math.max(...some.map(({ outcome }) => outcome.seconds));
  const verdict = survived === some.length ? String(survived) : `**${survived}**`;
  const cells = [
    name,
    some.length,
    verdict,
    count("done"),
    count("kept"),
    count("failed"),
    mostRequests,
    `${longestS} s`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function messages(all: readonly Tried[]): string {
  return all
    .filter(
      ({ trial }) =>
        trial.operation === "update" && trial.moment === "poll" && trial.persistence === "for ever",
    )
    .filter(({ outcome }) => outcome.message !== "")
    .map(({ trial, outcome }) => `- ${trial.misfortune.name}: ${withoutChance(outcome.message)}`)
    .join("\n");
}

/** Ids of requests and ports differ each time; the document is not to. */
function withoutChance(message: string): string {
  return message
    .replaceAll(/requestId [0-9a-f-]{36}/g, "requestId …")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:…");
}
