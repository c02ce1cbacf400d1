import { Command } from "commander";
import { Limiter } from "../../provider/cloud/rate-limit/limiter";
import { Transport } from "../../provider/cloud/transport";
import { Settings } from "../../provider/cloud/settings";
import { StackSettings } from "../../provider/cloud/stack-settings";
import { systemClock } from "../../provider/wait/clock";
import { toCores, computeCost, DOCUMENTED_MAX_CORES } from "../../sizing";
import { confirm } from "../../cli/confirm";
import { runInterruptibly } from "../../cli/sigint";
import { Caller } from "./caller";
import { type Findings, tableOf } from "./findings";
import { limitFindings, onlyOrganization, readFindings } from "./reads";
import { type Steps, stepsFrom, Writes } from "./writes";

const ASKED = "ask ClickHouse Cloud what its documentation leaves open";

interface Chosen {
  readonly write?: string;
  readonly rateLimit?: true;
  readonly yes?: true;
}

/** `npm run probe`: tests against the real API what its documentation leaves open. */
function createCommand(): Command {
  return new Command("probe")
    .description(
      "Tests the real API for what its documentation leaves open, and prints a table without ids or keys. Sends reads " +
        "only. Takes the key from CLICKHOUSE_CLOUD_API_KEY and CLICKHOUSE_CLOUD_API_SECRET.",
    )
    .option(
      "--rate-limit",
      "also exceed the rate limit; everything else that uses the key is refused for some seconds",
    )
    .option(
      "--write <service>",
      "also change the size of this service several times, then restore it; asks for confirmation first",
    )
    .option("--yes", "skip the confirmation of --write")
    .action(run);
}

async function run({ write, rateLimit, yes }: Chosen): Promise<void> {
  await runInterruptibly(async (signal) => {
    const caller = callerOf(signal);
    const organizationId =
      new Settings(new StackSettings(NO_CONFIG)).organizationId?.value ?? (await onlyOrganization(caller));
    let findings: Findings = await readFindings(caller, organizationId);
    if (rateLimit) findings = { ...findings, ...(await limitFindings(caller, organizationId)) };
    if (write !== undefined)
      findings = { ...findings, ...(await written(caller, organizationId, write, yes === true)) };
    process.stdout.write(`${tableOf(findings)}\n`);
  });
}

const NO_CONFIG = { get: () => undefined };

function callerOf(signal: AbortSignal): Caller {
  const credentials = new Settings(new StackSettings(NO_CONFIG));
  const transport = new Transport(credentials.getApiUrl(ASKED), credentials.getKey(ASKED), systemClock);
  return new Caller(transport, new Limiter(systemClock), systemClock, signal);
}

async function written(
  caller: Caller,
  organizationId: string,
  serviceId: string,
  isSure: boolean,
): Promise<Findings> {
  const path = ["organizations", organizationId, "services", serviceId, "clickpipesCdcScaling"];
  const writes = new Writes(caller, path, say);
  const steps = stepsFrom(await writes.size());
  if (!isSure) await confirm(whatItDoes(serviceId, steps), caller.signal);
  return writes.findings(steps);
}

function whatItDoes(serviceId: string, { before, one, two }: Steps): string {
  const largest = DOCUMENTED_MAX_CORES + 1;
  return (
    `This changes the database ClickPipes of service ${serviceId} from ${toCores(before)} to ${toCores(one)} and ` +
    `${toCores(two)} cores and back, and asks once for ${largest} to see whether that is refused. It takes 30 minutes or more. ` +
    `ClickHouse bills each begun hour; at list price ${largest} cores are $${computeCost(largest).usdPerHour.toFixed(2)} an hour, ` +
    "should they be granted."
  );
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

createCommand()
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
