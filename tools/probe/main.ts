import { Command, InvalidArgumentError, Option } from "commander";
import { confirm } from "../../cli/confirm";
import { runInterruptibly } from "../../cli/signals";
import type { DbClickPipe } from "../../provider/cloud/pipes";
import { Limiter } from "../../provider/cloud/rate-limit/limiter";
import { describeError } from "../../provider/remedies";
import { Settings } from "../../provider/cloud/settings";
import { StackSettings } from "../../provider/cloud/stack-settings";
import { Transport } from "../../provider/cloud/transport";
import { systemClock } from "../../provider/wait/clock";
import { formatDuration, parseDurationMs } from "../../provider/wait/duration";
import { computeCost, DOCUMENTED_MAX_CORES, formatUsd, toCores } from "../../sizing";
import { type Findings, renderTable } from "./findings";
import { ProbeClient } from "./probe-client";
import { probeRateLimit } from "./probe-rate-limit";
import { findOrganization, probeWithReads } from "./probe-reads";
import { isLoading, listPipes, LoadProbe, type LoadProbeOptions, readPostgresPipes } from "./probe-load";
import { WriteProbe } from "./probe-writes";
import { chooseSteps, type Print, ServiceSize, type Steps } from "./service-size";

/** What the settings' errors name as the operation that failed. */
const OPERATION = "testing ClickHouse Cloud's API";

interface Options {
  readonly write?: string;
  readonly rateLimit?: true;
  readonly whileLoading?: true;
  /** In milliseconds. */
  readonly watch: number;
  /** In milliseconds. */
  readonly loadTakes?: number;
  readonly yes?: true;
}

const DEFAULT_WATCH_MS = 2 * 3_600_000;
/** Price of data, uncompressed, of an initial load or a resync. Source: ClickHouse's page on ClickPipes billing, read 2026-08. */
const USD_PER_GB = 0.1;

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
    .option(
      "--while-loading",
      "with --write: change the size once, while a Postgres pipe of the service is in its initial load, and watch what becomes " +
        "of the load, which may be lost; asks for confirmation first",
    )
    .addOption(
      createDurationOption(
        "--watch <time>",
        "with --while-loading: how long to watch the load after the resize",
      ).default(DEFAULT_WATCH_MS, "2h"),
    )
    .addOption(
      createDurationOption(
        "--load-takes <time>",
        "with --while-loading: how long the same load takes without a resize, which tells a load that began anew if nothing else does",
      ),
    )
    .option("--yes", "skip the confirmation of --write")
    .action(run);
}

function createDurationOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const ms = parseDurationMs(text);
    if (ms !== undefined) return ms;
    throw new InvalidArgumentError("It must be a duration, such as 40m or 1h30m.");
  });
}

async function run(options: Options): Promise<void> {
  const { write, rateLimit, whileLoading } = options;
  if (whileLoading && write === undefined) throw new Error("--while-loading needs --write SERVICE");
  await runInterruptibly(async (signal) => {
    const settings = new Settings(new StackSettings(undefined));
    const { apiUrl, key } = settings.getConnection(OPERATION);
    const transport = new Transport(apiUrl, key, systemClock);
    const client = new ProbeClient(transport, new Limiter(systemClock), systemClock, signal);
    const organizationId = settings.organizationId?.value ?? (await findOrganization(client));
    const findings: Findings = {
      // A load may be over before all services are read.
      ...(whileLoading ? {} : await probeWithReads(client, organizationId)),
      ...(rateLimit ? await probeRateLimit(client, organizationId) : {}),
      ...(write === undefined ? {} : await probeService(client, organizationId, write, options)),
    };
    process.stdout.write(`${renderTable(findings)}\n`);
  });
}

async function probeService(
  client: ProbeClient,
  organizationId: string,
  serviceId: string,
  { whileLoading, watch, loadTakes, yes }: Options,
): Promise<Findings> {
  const path = ["organizations", organizationId, "services", serviceId];
  const print: Print = (text) => process.stderr.write(`${text}\n`);
  const size = new ServiceSize(client, path, print);
  const askUnlessConfirmed = async (question: string) => {
    if (!yes) await confirm(question, client.signal);
  };
  if (whileLoading) {
    const probe = new LoadProbe(client, path, size, print);
    const pipe = await probe.findLoadingPipe();
    const { before, one } = chooseSteps(await size.read());
    const options = { before, to: one, watchMs: watch, wholeLoadMs: loadTakes };
    await askUnlessConfirmed(describeRisk(serviceId, pipe.name, options));
    return probe.run(pipe, options);
  }
  const steps = chooseSteps(await size.read());
  const loading = (await readPostgresPipes(client, path)).filter(isLoading);
  await askUnlessConfirmed(describeChanges(serviceId, steps) + describeLoads(loading));
  return new WriteProbe(size, client.clock, print).run(steps);
}

function describeLoads(loading: readonly DbClickPipe[]): string {
  if (loading.length === 0) return "";
  return ` It may break the initial load of ${listPipes(loading)}, which has to be repeated then, at ${formatUsd(USD_PER_GB)} per GB.`;
}

function describeRisk(serviceId: string, pipe: string, { before, to, watchMs }: LoadProbeOptions): string {
  const cores = Math.max(toCores(before), toCores(to));
  return (
    `This changes the database ClickPipes of service ${serviceId} from ${toCores(before)} to ${toCores(to)} cores and back while the ` +
    `Postgres ClickPipe ${pipe} is in its initial load. The load may be lost: then the pipe has to be resynced, and all its data is loaded and ` +
    `billed again, at ${formatUsd(USD_PER_GB)} per GB. If the load takes more than ${formatDuration(watchMs)} after the resize, the size is restored ` +
    `during the load, which may break it too. ClickHouse bills every started hour; at list price, ${cores} cores cost ` +
    `${formatUsd(computeCost(cores).usdPerHour)} an hour.`
  );
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
