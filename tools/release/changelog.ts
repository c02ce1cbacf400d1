export interface Entry {
  /** The day of the release. Undefined if the entry says "unreleased". */
  readonly date: string | undefined;
  readonly notes: string;
}

/** Returns the entry of the version, which must be the newest one. */
export function readEntry(changelog: string, version: string): Entry {
  const [, ...entries] = changelog.split(/^## /m);
  const [newest = ""] = entries;
  const [heading = "", ...lines] = newest.split("\n");
  const [, named, state = ""] = /^(\S+) \((unreleased|\d{4}-\d\d-\d\d)\)$/.exec(heading.trim()) ?? [];
  if (named !== version) {
    throw new Error(
      `the newest entry of CHANGELOG.md is "${heading.trim()}". Start it with "## ${version} (unreleased)", or with the day of the release.`,
    );
  }
  const notes = lines.join("\n").trim();
  if (notes === "") throw new Error(`the entry of ${version} in CHANGELOG.md is empty`);
  return { date: state === "unreleased" ? undefined : state, notes };
}
