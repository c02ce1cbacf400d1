import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { CLI_VERSION } from "./versions";

const PROGRESS_EVERY_MS = 10_000;

/** Builds the CLI and the language host for Node.js from their Go modules, at the versions in the go.mod files. */
export async function buildCli(into: string, print: (line: string) => void): Promise<void> {
  mkdirSync(dirname(into), { recursive: true });
  // The rename at the end makes an interrupted build, or two at once, harmless.
  const unfinished = mkdtempSync(`${into}-unfinished-`);
  try {
    print("building Pulumi's CLI from its Go modules: about 6 minutes the first time");
    const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${CLI_VERSION}`;
    await buildWithGo(
      "engine",
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      join(unfinished, "pulumi"),
      version,
      print,
    );
    await buildWithGo(
      "language-nodejs",
      "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      join(unfinished, "pulumi-language-nodejs"),
      "",
      print,
    );
    placeDynamicProvider(unfinished);
    rmSync(into, { recursive: true, force: true });
    renameSync(unfinished, into);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Copies the script that starts the dynamic provider from the SDK. Beside the CLI, Pulumi does not warn about its location. */
export function placeDynamicProvider(folder: string): void {
  const name = "pulumi-resource-pulumi-nodejs";
  copyFileSync(join(dirname(require.resolve("@pulumi/pulumi/package.json")), name), join(folder, name));
  chmodSync(join(folder, name), 0o755);
}

function buildWithGo(
  module: string,
  tool: string,
  output: string,
  linkFlags: string,
  print: (line: string) => void,
) {
  const flags = ["-trimpath", "-v", "-ldflags", `-s -w ${linkFlags}`, "-o", output];
  const go = spawn("go", ["build", ...flags, tool], {
    cwd: join(__dirname, module),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const beganAtMs = Date.now();
  let compiled = 0;
  let lastLines = "";
  go.stderr.on("data", (chunk: Buffer) => {
    compiled += chunk.toString().split("\n").length - 1;
    lastLines = (lastLines + chunk.toString()).slice(-2_000);
  });
  const progress = setInterval(() => {
    print(`  ${module}: ${compiled} packages after ${Math.round((Date.now() - beganAtMs) / 1_000)} s`);
  }, PROGRESS_EVERY_MS);
  return new Promise<void>((resolve, reject) => {
    go.once("error", reject);
    go.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`go build ended with ${code}:\n${lastLines}`)),
    );
  }).finally(() => clearInterval(progress));
}
