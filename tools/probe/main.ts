import { Command } from "commander";
import { confirm } from "../../cli/confirm";
import { runInterruptibly } from "../../cli/signals";
import { Limiter } from "../../provider/cloud/rate-limit/limiter";
import { describeError } from "../../provider/remedies";
import { Settings } from "../../provider/cloud/settings";
import { StackSettings } from "../../provider/cloud/stack-settings";
import { Transport } from "../../provider/cloud/transport";
import { systemClock } from "../../provider/wait/clock";
import { computeCost, DOCUMENTED_MAX_CORES, toCores } from "../../sizing";
import { type Findings, renderTable } from "./findings";
import { ProbeClient } from "./probe-client";
import { probeRateLimit } from "./probe-rate-limit";
import { findOrganization, probeWithReads } from "./probe-reads";
import { chooseSteps, type Steps, WriteProbe } from "./probe-writes";

/** What the settings' errors name as the operation that failed. */
const OPERATION = "testing ClickHouse Cloud's API";

interface Options {
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

async function run({ write, rateLimit, yes }: Options): Promise<void> {
  await runInterruptibly(async (signal) => {
    const settings = new Settings(new StackSettings(undefined));
    const { apiUrl, key } = settings.getConnection(OPERATION);
    const transport = new Transport(apiUrl, key, systemClock);
    const client = new ProbeClient(transport, new Limiter(systemClock), systemClock, signal);
    const organizationId = settings.organizationId?.value ?? (await findOrganization(client));
    const findings: Findings = {
      ...(await probeWithReads(client, organizationId)),
      ...(rateLimit ? await probeRateLimit(client, organizationId) : {}),
      ...(write === undefined ? {} : await probeWithWrites(client, organizationId, write, yes === true)),
    };
    process.stdout.write(`${renderTable(findings)}\n`);
  });
}

async function probeWithWrites(
  client: ProbeClient,
  organizationId: string,
  serviceId: string,
  isConfirmed: boolean,
): Promise<Findings> {
  const path = ["organizations", organizationId, "services", serviceId, "clickpipesCdcScaling"];
  const probe = new WriteProbe(client, path, (text) => process.stderr.write(`${text}\n`));
  const steps = chooseSteps(await probe.readSize());
  if (!isConfirmed) await confirm(describeChanges(serviceId, steps), client.signal);
  return probe.run(steps);
}

function describeChanges(serviceId: string, { before, one, two }: Steps): string {
  const largest = DOCUMENTED_MAX_CORES + 1;
  return (
    `This changes the database ClickPipes of service ${serviceId} from ${toCores(before)} to ${toCores(one)} and ` +
    `${toCores(two)} cores and back. It also requests ${largest} cores once, which the API may refuse. It takes 30 minutes or more. ` +
    `ClickHouse bills every started hour; at list price, ${largest} cores cost $${computeCost(largest).usdPerHour.toFixed(2)} an hour.`
  );
}

createCommand()
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? describeError(error) : String(error)}\n`);
    process.exitCode = 1;
  });
