import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { DEFAULT_KEY, DEFAULT_SEED, DEFAULT_SERVICE_ID, type Seed } from "./seed";
import { type EmulatorOptions, startEmulator } from "./server";

const USAGE = `usage: pulumi-clickpipes emulator [--port N] [--convergence 3s | 180s-300s] [--seed FILE.json] [--limit none]`;

/** `pulumi-clickpipes emulator`: runs until it is interrupted. */
export async function runEmulator(options: string[]): Promise<void> {
  const emulator = await startEmulator(parsed(options));
  process.stdout.write(
    [
      `ClickHouse Cloud's ClickPipes endpoints, emulated at ${emulator.url}`,
      "",
      "Point a stack at it with",
      `  export CLICKHOUSE_API_URL=${emulator.url}`,
      `  export CLICKHOUSE_CLOUD_API_KEY=${DEFAULT_KEY.id} CLICKHOUSE_CLOUD_API_SECRET=${DEFAULT_KEY.secret}`,
      `and the service id ${DEFAULT_SERVICE_ID}, unless --seed says otherwise. Ctrl-C ends it.`,
      "",
    ].join("\n"),
  );
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await emulator.close();
}

function parsed(options: string[]): EmulatorOptions {
  const { values } = parseArgs({
    args: options,
    options: {
      port: { type: "string", default: "0" },
      convergence: { type: "string", default: "180s-300s" },
      seed: { type: "string" },
      limit: { type: "string" },
    },
  });
  const range = /^(\d+(?:\.\d+)?)s(?:-(\d+(?:\.\d+)?)s)?$/.exec(values.convergence);
  if (range === null) throw new Error(`--convergence takes seconds, not ${values.convergence}\n${USAGE}`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port takes a port\n${USAGE}`);
  const minMs = Number(range[1]) * 1_000;
  return {
    port,
    convergenceMs: range[2] === undefined ? minMs : [minMs, Number(range[2]) * 1_000],
    seed: values.seed === undefined ? DEFAULT_SEED : (JSON.parse(readFileSync(values.seed, "utf8")) as Seed),
    ...(values.limit === "none" ? { limit: "none" as const } : {}),
  };
}
