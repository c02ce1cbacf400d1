/** The release to download or build. An installed CLI is used if it is not older than the oldest one. */
export const CLI_VERSION = "3.259.0";
export const OLDEST_CLI_VERSION = "3.216.0";

/** Files that a run needs in addition to `pulumi`. Without the last, each run warns that it found the plugin elsewhere. */
export const EXECUTABLES = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

export function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_CLI_VERSION.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
