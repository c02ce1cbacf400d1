import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPath, type FoundCli } from "./find";

/** Pulumi's home and backend in a temporary folder, apart from the user's own. */
export interface HermeticEnvironment {
  readonly folder: string;
  readonly variables: NodeJS.ProcessEnv;
  remove(): void;
}

/** The variables that a run inherits from the user: no keys, no backend and no settings of Pulumi. */
const INHERITED = /^(PATH|HOME|USERPROFILE|SYSTEMROOT|TMPDIR|TEMP|TMP|LANG|LC_.*|NODE_EXTRA_CA_CERTS)$/i;

export function createHermeticEnvironment(cli: FoundCli): HermeticEnvironment {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  const backend = join(folder, "backend");
  mkdirSync(backend);
  const inherited = Object.entries(process.env).filter(([name]) => INHERITED.test(name));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  return {
    folder,
    variables: {
      ...Object.fromEntries(inherited),
      PATH: createPath(cli),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase-of-a-test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
      // The CLI leaves some of its sockets behind in the temporary folder.
      TMPDIR: folder,
      NO_COLOR: "1",
    },
    remove() {
      process.off("exit", remove);
      remove();
    },
  };
}
