/** What the owner of the project sets in project.json. An empty field is not set. */
export interface OwnerFields {
  readonly repository: string;
  readonly author: string;
  readonly homepage: string;
  readonly bugs: string;
}

/** The fields of package.json that come from it. */
export interface Metadata {
  readonly repository: { readonly type: "git"; readonly url: string };
  readonly homepage: string;
  readonly bugs: { readonly url: string };
  readonly author: string;
}

const EXAMPLES: OwnerFields = {
  repository: "https://HOST/OWNER/REPOSITORY",
  author: "NAME <ADDRESS> (URL)",
  homepage: "https://…",
  bugs: "https://…",
};

const FIELDS = Object.keys(EXAMPLES) as (keyof OwnerFields)[];

export function parseOwnerFields(text: string): OwnerFields {
  const parsed = JSON.parse(text) as Partial<Record<string, unknown>>;
  const unknown = Object.keys(parsed).filter((name) => !(FIELDS as string[]).includes(name));
  if (unknown.length > 0)
    throw new Error(`project.json has ${unknown.join(", ")}; it takes ${FIELDS.join(", ")}`);
  const read = (name: keyof OwnerFields) => {
    const value = parsed[name] ?? "";
    if (typeof value !== "string") throw new Error(`${name} in project.json must be text`);
    return value.trim();
  };
  return {
    repository: read("repository"),
    author: read("author"),
    homepage: read("homepage"),
    bugs: read("bugs"),
  };
}

/**
 * Completes the fields. GitHub Actions names the repository if the owner did not. Homepage and bugs follow from the repository. Fails
 * with every field that is missing.
 */
export function resolveMetadata(owner: OwnerFields, environment: NodeJS.ProcessEnv): Metadata {
  const building = readBuildingRepository(environment);
  const repository = (owner.repository === "" ? (building ?? "") : owner.repository).replace(
    /(\.git)?\/?$/,
    "",
  );
  failIfMissing({ repository, author: owner.author });
  failUnlessHttps({ ...owner, repository });
  if (building !== undefined && building.toLowerCase() !== repository.toLowerCase()) {
    throw new Error(
      `project.json names the repository ${repository}, but ${building} builds the release. npm refuses the provenance of another repository. Correct repository in project.json.`,
    );
  }
  return {
    repository: { type: "git", url: `git+${repository}.git` },
    homepage: owner.homepage || `${repository}#readme`,
    bugs: { url: owner.bugs || `${repository}/issues` },
    author: owner.author,
  };
}

/** The repository whose workflow runs, as GitHub Actions names it. */
function readBuildingRepository({ GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY }: NodeJS.ProcessEnv) {
  const isComplete = GITHUB_ACTIONS === "true" && GITHUB_SERVER_URL && GITHUB_REPOSITORY;
  return isComplete ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` : undefined;
}

function failIfMissing(fields: Pick<OwnerFields, "repository" | "author">): void {
  const missing = (["repository", "author"] as const).filter((name) => fields[name] === "");
  if (missing.length === 0) return;
  const lines = missing.map((name) => `  "${name}": "${EXAMPLES[name]}"`);
  throw new Error(
    `project.json lacks ${missing.join(" and ")}. Set in project.json, in the root of the repository:\n${lines.join(",\n")}`,
  );
}

function failUnlessHttps({ repository, homepage, bugs }: Omit<OwnerFields, "author">): void {
  for (const [name, value] of Object.entries({ repository, homepage, bugs })) {
    if (value === "") continue;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const isPlain = url?.protocol === "https:" && url.username === "" && url.password === "";
    if (!isPlain)
      throw new Error(`${name} in project.json must be an https address without a user, got ${value}`);
  }
}
