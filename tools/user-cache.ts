import { homedir } from "node:os";
import { join } from "node:path";

/** The cache folder of the operating system. */
export function getUserCache(): string {
  const usual = {
    darwin: join(homedir(), "Library", "Caches"),
    win32: process.env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"),
  } as Partial<Record<NodeJS.Platform, string>>;
  return process.env.XDG_CACHE_HOME ?? usual[process.platform] ?? join(homedir(), ".cache");
}
