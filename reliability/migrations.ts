import { GUESS_VALUES } from "../emulator/cloud/guesses";
import {
  MIGRATION_STARTS,
  type MigrationOutcome,
  simulateMigration,
} from "../simulation/simulated-migration";
import { formatUsd, LIST_PRICE } from "../sizing";

/** Every start of a migration with each effect that a resize may have. */
export async function runMigrations(): Promise<MigrationOutcome[]> {
  const outcomes: MigrationOutcome[] = [];
  for (const start of MIGRATION_STARTS) {
    for (const effect of GUESS_VALUES.resizeDuringSnapshot)
      outcomes.push(await simulateMigration(start, effect));
  }
  return outcomes;
}

export function renderMigrations(outcomes: readonly MigrationOutcome[]): string {
  return `## Initial loads that start ahead

A Postgres pipe with an initial load of 6 hours, \`startAhead\`, and an \`up\` each hour, in virtual time. The burst has 24 cores and the steady
size 2. A change of the size takes 240 s. The pipe is resynced if it fails. The unit hours are those that ClickHouse bills: each started hour
whole, at its largest size, from the first command to the steady size.

| the service has | a resize during a snapshot | resizes during a snapshot | changes sent | hours | unit hours | cost | loads lost | named |
| --- | --- | --: | --: | --: | --: | --: | --: | --- |
${outcomes.map(renderRow).join("\n")}

With a pipe, the size is there before the new pipe exists, so nothing can be lost. The first pipe of a service can't have that: without a
pipe there is no size to change, and the change arrives minutes after the load has started. A warning says so before. If the load begins anew
then, it loses these minutes: ClickHouse's counter of loaded bytes has hardly grown, so no warning names it. A load that fails is named.`;
}

function renderRow(outcome: MigrationOutcome): string {
  const { start, effect, resizesDuringSnapshot, changes, hours, billedUnitHours, lostLoads, isNamed } =
    outcome;
  const cost = formatUsd(billedUnitHours * LIST_PRICE.usdPerComputeUnitHour);
  const named = lostLoads === 0 ? "" : isNamed ? "yes" : "no";
  const cells = [
    start,
    effect,
    resizesDuringSnapshot,
    changes,
    hours.toFixed(1),
    billedUnitHours,
    cost,
    lostLoads,
    named,
  ];
  return `| ${cells.join(" | ")} |`;
}
