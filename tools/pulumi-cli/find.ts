import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { get } from "node:https";
import { delimiter, dirname, join } from "node:path";
import { getUserCache } from "../user-cache";
import { buildCli, placeDynamicProvider } from "./build";
import { CLI_VERSION, EXECUTABLES, isRecentEnough } from "./versions";

export interface FoundCli {
  /** The folder to put first on PATH. */
  readonly folder: string;
  readonly version: string;
  readonly from: "PATH" | "cache" | "download" | "build";
}

/** If Pulumi's download site takes longer to respond, the CLI is built instead. */
const DOWNLOAD_SITE_TIMEOUT_MS = 5_000;
const DOWNLOAD_TIMEOUT_MS = 180_000;

/** Finds the Pulumi CLI on PATH or in the cache; otherwise downloads the official release, or builds it from its Go modules. */
export async function findCli(print: (line: string) => void = () => undefined): Promise<FoundCli> {
  const cached = getCacheFolder();
  const tried: string[] = [];
  const ways: readonly (() => Promise<FoundCli | undefined> | FoundCli | undefined)[] = [
    () => findOnPath(),
    () => (isWhole(cached) ? { folder: cached, version: CLI_VERSION, from: "cache" } : undefined),
    () => download(`${cached}-download`, print),
    async () => {
      await buildCli(cached, print);
      return { folder: cached, version: CLI_VERSION, from: "build" };
    },
  ];
  for (const way of ways) {
    try {
      const found = await way();
      if (found !== undefined) {
        print(`Pulumi ${found.version} (${found.from})`);
        return found;
      }
    } catch (error) {
      tried.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `no Pulumi CLI: not on PATH, not built before;\n${tried.join("\n")}\nInstall it: https://www.pulumi.com/docs/install/`,
  );
}

function findOnPath(): FoundCli | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const folder = folders.find((candidate) => existsSync(join(candidate, "pulumi")));
  const hasLanguageHost = folders.some((candidate) => existsSync(join(candidate, "pulumi-language-nodejs")));
  if (folder === undefined || !hasLanguageHost) return undefined;
  const version = readVersion(folder);
  return isRecentEnough(version) ? { folder, version, from: "PATH" } : undefined;
}

function readVersion(folder: string): string {
  return execFileSync(join(folder, "pulumi"), ["version"], {
    encoding: "utf8",
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  })
    .trim()
    .replace(/^v/, "");
}

async function download(root: string, print: (line: string) => void): Promise<FoundCli | undefined> {
  const folder = join(root, "bin");
  if (isWhole(folder)) return { folder, version: CLI_VERSION, from: "cache" };
  if (!(await isReachable("https://get.pulumi.com")))
    throw new Error("download: get.pulumi.com does not answer");
  print(`downloading Pulumi ${CLI_VERSION}`);
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  const { SemVer } = await import("semver");
  mkdirSync(root, { recursive: true });
  const tooLong = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("download: took too long")), DOWNLOAD_TIMEOUT_MS).unref();
  });
  await Promise.race([PulumiCommand.install({ root, version: new SemVer(CLI_VERSION) }), tooLong]);
  placeDynamicProvider(folder);
  return { folder, version: CLI_VERSION, from: "download" };
}

function isReachable(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(address, (response) => {
      response.destroy();
      resolve(true);
    });
    request.setTimeout(DOWNLOAD_SITE_TIMEOUT_MS, () => request.destroy());
    request.once("error", () => resolve(false));
    request.once("close", () => resolve(false));
  });
}

function isWhole(folder: string): boolean {
  return EXECUTABLES.every((name) => existsSync(join(folder, name)));
}

function getCacheFolder(): string {
  return join(getUserCache(), "pulumi-clickpipes", `pulumi-v${CLI_VERSION}`);
}

/** Puts the CLI's folder first, so that it finds its own language host. */
export function createPath({ folder }: FoundCli): string {
  const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
  return [folder, process.env.PATH ?? "", sdk].join(delimiter);
}

if (require.main === module) {
  findCli((line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  });
}
