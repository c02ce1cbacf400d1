import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { ClientCache } from "../../provider/cloud/client-cache";
import { Settings } from "../../provider/cloud/settings";
import { StackSettings } from "../../provider/cloud/stack-settings";
import { PipeReader } from "../../provider/cloud/pipes";
import { isTransient } from "../../provider/errors";
import { describeError } from "../../provider/remedies";
import { systemClock } from "../../provider/wait/clock";
import { parseDurationMs } from "../../provider/wait/duration";
import { getResourceName } from "../../provider/state/urn";
import { confirm } from "../confirm";
import { runInterruptibly } from "../signals";
import { showProgress } from "../terminal/progress";
import { Terminal } from "../terminal/terminal";
import { AgreedStack } from "./agreed-stack";
import type { AgreedSettings } from "./agreement";
import { Display, type Output } from "./display";
import { JsonLines } from "./json-lines";
import { hasUnknownSize } from "./planned-step";
import { isFinished } from "./resources";
import { type Plan, PulumiStack } from "./pulumi-stack";
import { listLastBursts, type ReadPipes, runInitialLoad } from "./run";

/** So that a burst ends within a minute after its load. */
const DEFAULT_EVERY_MS = 30_000;

interface Options {
  readonly stack?: string;
  readonly cwd: string;
  readonly every: number;
  readonly yes?: true;
  readonly json?: true;
}

/** `pulumi-clickpipes initial-load`: runs a stack's bursts from start to end. */
export function initialLoadCommand(): Command {
  return new Command("initial-load")
    .summary("runs an initial load from its burst to the steady size")
    .description(
      "runs `pulumi up` on this package's resources to start the burst, watches their ClickPipes until the initial load is " +
        "done or endBy comes, and runs `pulumi up` again to return to the steady size",
    )
    .option("--stack <name>", "the stack; default: the selected one")
    .option("--cwd <folder>", "the folder of the Pulumi project", ".")
    .addOption(
      new Option("--every <duration>", "how often to check the pipes, such as 2m")
        .argParser(parseEvery)
        .default(DEFAULT_EVERY_MS, "30s"),
    )
    .option("--yes", "skip the confirmation after the preview")
    .option("--json", "write a JSON object per line to stdout, and Pulumi's output to stderr")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) =>
      runInterruptibly((signal) => run(options, signal), { exitOnSecond: false }),
    );
}

const EXAMPLES = `
Examples:
  npx pulumi-clickpipes initial-load
  npx pulumi-clickpipes initial-load --stack prod --every 2m
  npx pulumi-clickpipes initial-load --yes --json`;

async function run(
  { stack: name, cwd, every: everyMs, yes, json }: Options,
  signal: AbortSignal,
): Promise<void> {
  const isJson = json === true;
  const terminal = new Terminal(isJson ? process.stderr : process.stdout);
  const stack = await showProgress("Selecting the stack", PulumiStack.select(resolve(cwd), name, terminal));
  const createOutput = (unitPrice: number | undefined) =>
    isJson
      ? new JsonLines((line) => process.stdout.write(line), systemClock, unitPrice)
      : new Display(terminal, systemClock, unitPrice);
  try {
    await runOn(stack, { createOutput, everyMs, isConfirmed: yes === true, signal });
  } finally {
    stack.close();
  }
}

interface RunOptions {
  readonly createOutput: (unitPrice: number | undefined) => Output;
  readonly everyMs: number;
  readonly isConfirmed: boolean;
  readonly signal: AbortSignal;
}

async function runOn(pulumiStack: PulumiStack, options: RunOptions): Promise<void> {
  const { createOutput, everyMs, isConfirmed, signal } = options;
  const credentials = await showProgress("Reading the stack's config", readCredentials(pulumiStack));
  const output = createOutput(credentials.usdPerComputeUnitHour);
  const otherApi = credentials.describeOtherApi();
  if (otherApi !== undefined) output.warn(`Note: ${otherApi}.`);
  await showProgress("Checking the API key", checkAccess(credentials));
  const plan = await pulumiStack.preview();
  assertKnownSizes(plan);
  const agreement = { ...plan, settings: toAgreedSettings(credentials) };
  const readSettings = async () => toAgreedSettings(await readCredentials(pulumiStack));
  const stack = new AgreedStack(pulumiStack, agreement, readSettings);
  const readPipes = createPipeReader(credentials);
  const hasChanges = plan.steps.some(({ operation }) => operation !== "same");
  const resources = hasChanges ? [] : await stack.readResources();
  if (resources.length > 0 && resources.every(isFinished)) {
    output.print("Nothing to do: the preview has no changes, and no initial load is active.");
    return output.finish(await listLastBursts({ readPipes }, resources));
  }
  if (!isConfirmed) {
    await confirm("This runs `pulumi up` on the resources above, now and after the initial load.", signal);
  }
  signal.throwIfAborted();
  const bursts = await runInitialLoad({
    stack,
    readPipes,
    clock: systemClock,
    signal,
    everyMs,
    show: (statuses) => output.show(statuses),
    print: (text) => output.print(text),
    warn: (text) => output.warn(text),
  }).catch(async (error: unknown) => {
    throw new Error(`${describeError(error as Error)}\n${await describeNextStep(stack)}`, { cause: error });
  });
  output.finish(bursts);
}

async function readCredentials(stack: PulumiStack): Promise<Settings> {
  return new Settings(new StackSettings(await stack.config()));
}

function toAgreedSettings(credentials: Settings): AgreedSettings {
  return {
    usdPerComputeUnitHour: credentials.usdPerComputeUnitHour,
    apiUrl: credentials.getApiUrl("reading the API address").href,
  };
}

/** Throws an error if the preview doesn't show a size: then a person can't confirm it. */
function assertKnownSizes({ steps }: Plan): void {
  const unknown = steps.find(hasUnknownSize);
  if (unknown === undefined) return;
  throw new Error(
    `The preview doesn't know the service or the size of ${getResourceName(unknown.urn)} yet. Run \`pulumi up\` first: this command ` +
      "only changes what a preview shows.",
  );
}

/** Fails before anything is changed if the key can't read pipes for a lasting reason: then the end of a load could not be observed. */
async function checkAccess(settings: Settings): Promise<void> {
  const operation = "reading ClickPipes";
  const client = new ClientCache(systemClock).get(settings.getConnection(operation));
  try {
    await client.listOrganizations();
  } catch (error) {
    if (!isTransient(error)) throw error;
  }
}

function createPipeReader(credentials: Settings): ReadPipes {
  const clients = new ClientCache(systemClock);
  const pipes = new PipeReader(systemClock);
  return ({ serviceId, organizationId }) => {
    const operation = `listing the ClickPipes of service ${serviceId}`;
    return pipes.read(() => {
      const client = clients.get(credentials.getConnection(operation));
      return Promise.resolve({ client, target: { serviceId, organizationId } });
    });
  };
}

/** Names the bursts that are still active, and how to end them. */
async function describeNextStep(stack: AgreedStack): Promise<string> {
  const resources = await stack.readResources().catch(() => []);
  const active = resources.filter(({ isAboveSteady }) => isAboveSteady);
  const lines = active.map(({ name, burst }) => `${name} stays at ${burst.cores} cores, and keeps costing.`);
  return [
    ...lines,
    "To continue, run `pulumi-clickpipes initial-load` again (after `pulumi cancel`, if Pulumi asks for it), or run `pulumi up` once the load is done.",
  ].join("\n");
}

function parseEvery(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= 1_000) return ms;
  throw new InvalidArgumentError("Must be at least a second, such as 30s or 2m.");
}
