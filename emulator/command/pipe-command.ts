import { Argument, Command } from "commander";
import { z } from "zod";
import { PIPE_ACTIONS } from "../cloud/pipe-actions";

/** Creates `pulumi-clickpipes emulator pipe`, which acts on a pipe of a running emulator. */
export function createPipeCommand(): Command {
  return new Command("pipe")
    .description("pause, start, stop, resync, fail or remove a ClickPipe of a running emulator")
    .addArgument(new Argument("<action>", "what to do").choices(Object.keys(PIPE_ACTIONS)))
    .argument("<pipe>", "the id or the name of the pipe, as the emulator printed it")
    .option("--url <url>", "the emulator's address as it printed it (default: $CLICKHOUSE_API_URL)")
    .addHelpText("after", EXAMPLE)
    .action(sendAction);
}

const EXAMPLE = `
Example:
  export CLICKHOUSE_API_URL=http://127.0.0.1:4010/v1
  npx pulumi-clickpipes emulator pipe fail pipe-1`;

const responseSchema = z.object({
  error: z.string().optional(),
  id: z.string().default(""),
  name: z.string().default(""),
  state: z.string().optional(),
});

async function sendAction(action: string, pipe: string, options: { url?: string }): Promise<void> {
  const url = options.url ?? process.env.CLICKHOUSE_API_URL;
  if (url === undefined) throw new Error("Pass the emulator's address with --url or in CLICKHOUSE_API_URL");
  const response = await post(url, `/__emulator/pipes/${encodeURIComponent(pipe)}/${action}`);
  const body = responseSchema.safeParse(await response.json().catch(() => undefined)).data;
  if (body === undefined || (!response.ok && body.error === undefined)) {
    throw new Error(`${url} is not an emulator: it responded with ${response.status}`);
  }
  if (body.error !== undefined) throw new Error(body.error);
  const { id, name, state } = body;
  process.stdout.write(`${name} (${id}) ${state === undefined ? "is removed" : `is ${state}`}\n`);
}

async function post(url: string, path: string): Promise<Response> {
  if (!URL.canParse(url))
    throw new Error(`The emulator's address "${url}" is not a URL, such as http://127.0.0.1:4010/v1`);
  try {
    return await fetch(new URL(path, url), { method: "POST" });
  } catch (error) {
    throw new Error(
      `No emulator responds at ${url} (${describeCause(error as Error)}). Start one with \`npx pulumi-clickpipes emulator\`, and ` +
        "pass the address that it prints with --url or in CLICKHOUSE_API_URL",
      { cause: error },
    );
  }
}

/** `fetch` hides why it failed. */
function describeCause({ message, cause }: Error): string {
  return cause instanceof Error ? cause.message || cause.name : message;
}
