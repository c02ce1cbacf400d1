import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { Clients } from "../../provider/api/clients";
import { Credentials } from "../../provider/credentials";
import { PipeLooks } from "../../provider/initial-load/pipes";
import { systemClock } from "../../provider/wait/clock";
import { parseDurationMs } from "../../provider/wait/duration";
import { confirm } from "../confirm";
import { runInterruptibly } from "../sigint";
import { PulumiStack } from "./pulumi-stack";
import { Display } from "./display";
import { BurstRecord } from "./record";
import { type Look, settle } from "./run";
import { summaryOf } from "./summary";

/** A burst is to end at most a minute after its pipes do. */
const EVERY_MS = 30_000;

interface Chosen {
  readonly stack?: string;
  readonly cwd: string;
  readonly every: number;
  readonly yes?: true;
}

/** `pulumi-clickpipes initial-load`: stays with a migration from its burst to its steady size. */
export function initialLoadCommand(): Command {
  return new Command("initial-load")
    .description(
      "runs `pulumi up` on the resources of this package alone, watches their ClickPipes until the initial load is over or " +
        "endBy comes, and runs `pulumi up` again, to the steady size",
    )
    .option("--stack <name>", "the stack; default: the selected one")
    .option("--cwd <folder>", "the folder of the Pulumi project", ".")
    .addOption(
      new Option("--every <time>", "how often the pipes are looked at, such as 2m")
        .argParser(everyOf)
        .default(EVERY_MS, "30s"),
    )
    .option("--yes", "do not ask after the preview")
    .action(run);
}

function run({ stack: name, cwd, every: everyMs, yes }: Chosen): Promise<void> {
  return runInterruptibly(
    async (signal) => {
      const stack = await PulumiStack.select(resolve(cwd), name, (text) => process.stdout.write(text));
      const credentials = new Credentials(await stack.config());
      const display = new Display(process.stdout, systemClock, credentials.usdPerComputeUnitHour);
      await stack.preview();
      if (yes !== true)
        await confirm(
          `This runs \`pulumi up\` on the resources above, now and after the initial load.`,
          signal,
        );
      signal.throwIfAborted();
      const record = new BurstRecord(stack.recordFile);
      try {
        await settle({
          deployment: stack,
          look: looksWith(credentials),
          record,
          clock: systemClock,
          signal,
          everyMs,
          show: (watched) => display.show(watched),
          say: (text) => display.say(text),
        });
      } catch (error) {
        throw new Error(await howToGoOn(stack, error as Error), { cause: error });
      }
      display.say(summaryOf(record.all, credentials.usdPerComputeUnitHour, systemClock.date()));
      record.remove();
    },
    { exitOnSecond: false },
  );
}

function looksWith(credentials: Credentials): Look {
  const clients = new Clients(systemClock);
  const looks = new PipeLooks(systemClock);
  return ({ serviceId, organizationId }) => {
    const asked = `list the ClickPipes of service ${serviceId}`;
    const address = () => {
      const client = clients.of(credentials.apiUrl(asked), credentials.key(asked));
      return Promise.resolve({ client, target: { serviceId, organizationId } });
    };
    return looks.of(address);
  };
}

/** What is left as it is, and the way on from there. */
async function howToGoOn(stack: PulumiStack, { message }: Error): Promise<string> {
  const declared = await stack.declared().catch(() => []);
  const running = declared.filter(({ isAboveSteady }) => isAboveSteady);
  const left = running.map(({ name, burst }) => `${name} stays at ${burst.cores} cores`).join(", ");
  return [
    message,
    ...(running.length === 0 ? [] : [`${left}, and goes on costing.`]),
    "Go on with `pulumi-clickpipes initial-load` (`pulumi cancel` first, where Pulumi asks for it), or with `pulumi up` once the load is over.",
  ].join("\n");
}

function everyOf(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= 1_000) return ms;
  throw new InvalidArgumentError("It takes a second or more, such as 30s or 2m.");
}
