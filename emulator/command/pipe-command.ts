import { Argument, Command } from "commander";
import { PIPE_ACTIONS } from "../cloud/pipe-actions";

/** Creates `pulumi-clickpipes emulator pipe`, which acts on a pipe of a running emulator. */
export function createPipeCommand(): Command {
  return new Command("pipe")
    .description("pause, start, stop, resync, fail or remove a ClickPipe of a running emulator")
    .addArgument(new Argument("<action>", "what to do").choices(Object.keys(PIPE_ACTIONS)))
    .argument("<pipe>", "the id of the pipe")
    .option("--url <url>", "the emulator's address as it printed it (default: $CLICKHOUSE_API_URL)")
    .action(sendAction);
}

async function sendAction(action: string, pipeId: string, options: { url?: string }): Promise<void> {
  const url = options.url ?? process.env.CLICKHOUSE_API_URL;
  if (url === undefined) throw new Error("Pass the emulator's address with --url or in CLICKHOUSE_API_URL");
  const path = `/__emulator/pipes/${encodeURIComponent(pipeId)}/${action}`;
  const response = await fetch(new URL(path, url), { method: "POST" });
  if (response.ok) return;
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  throw new Error(error ?? `${url} is not an emulator: it responded with ${response.status}`);
}
