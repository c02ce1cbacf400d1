import { Command } from "commander";
import { Limiter } from "../../provider/api/limiter";
import { Transport } from "../../provider/api/transport";
import { Credentials } from "../../provider/credentials";
import { systemClock } from "../../provider/wait/clock";
import { coresOf, costOf, DOCUMENTED_MAX_CORES } from "../../sizing";
import { confirm } from "../confirm";
import { runInterruptibly } from "../sigint";
import { Caller } from "./caller";
import { type Findings, tableOf } from "./finding";
import { limitFindings, onlyOrganization, readFindings } from "./reads";
import { type Steps, stepsFrom, Writes } from "./writes";

const ASKED = "ask ClickHouse Cloud what its documentation leaves open";

interface Chosen {
  readonly write?: string;
  readonly rateLimit?: true;
  readonly yes?: true;
}

/** `pulumi-clickpipes probe`: settles with a real key what the documentation leaves open. */
export function probeCommand(): Command {
  return new Command("probe")
    .description(
      "asks the real API what its documentation leaves open, and prints a table without ids or keys; reads only, " +
        "with the key in CLICKHOUSE_CLOUD_API_KEY and CLICKHOUSE_CLOUD_API_SECRET",
    )
    .option(
      "--rate-limit",
      "also asks faster than the limit allows, which holds back all who use the key for some seconds",
    )
    .option(
      "--write <service>",
      "also changes the size of that service several times, and puts it back, after asking",
    )
    .option("--yes", "do not ask before --write changes anything")
    .action(run);
}

async function run({ write, rateLimit, yes }: Chosen): Promise<void> {
  await runInterruptibly(async (signal) => {
    const caller = callerOf(signal);
    const organizationId =
      new Credentials(NO_CONFIG).organizationId?.value ?? (await onlyOrganization(caller));
    let findings: Findings = await readFindings(caller, organizationId);
    if (rateLimit) findings = { ...findings, ...(await limitFindings(caller, organizationId)) };
    if (write !== undefined)
      findings = { ...findings, ...(await written(caller, organizationId, write, yes === true)) };
    process.stdout.write(`${tableOf(findings)}\n`);
  });
}

const NO_CONFIG = { get: () => undefined };

function callerOf(signal: AbortSignal): Caller {
  const credentials = new Credentials(NO_CONFIG);
  const transport = new Transport(credentials.apiUrl(ASKED), credentials.key(ASKED), systemClock);
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
    `This changes the database ClickPipes of service ${serviceId} from ${coresOf(before)} to ${coresOf(one)} and ` +
    `${coresOf(two)} cores and back, and asks once for ${largest} to see whether that is refused. It takes 30 minutes or more. ` +
    `ClickHouse bills each begun hour; at list price ${largest} cores are $${costOf(largest).usdPerHour.toFixed(2)} an hour, ` +
    "should they be granted."
  );
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
