/**
 * `npm run pictures` renders docs/pictures/*.svg, which the README shows. Run it again if the output of a preview or an `up` changes.
 * It needs tmux, Python 3 with venv, and PyPI; it takes about a minute.
 *
 * The pictures show the real Pulumi CLI on the quickstart, in a real terminal (tmux), against the emulator. The one of `up` is
 * taken while it waits. Two things are changed, so that a rerun gives the same picture: the seconds so far, 10 to 19, are always 12, and
 * the dots that move behind them are left out.
 *
 * `rich` renders them (https://pypi.org/project/rich, MIT, several releases each year): about 10 kB of text each, without a font. freeze puts its
 * font into each picture, and termtosvg has had no release since 2020.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, startEmulator } from "../../emulator";
import { createHermeticEnvironment } from "../pulumi-cli/environment";
import { findCli } from "../pulumi-cli/find";
import { copyQuickstart } from "../quickstart";
import { Screen } from "./screen";

const PICTURES = join(__dirname, "..", "..", "docs", "pictures");
/** So that the info of `up` fits. More would make the text too small in the README. */
const COLUMNS = 104;

/** How long a change takes here, and after how much of it the picture of `up` is taken. ClickHouse's own takes 3 to 5 minutes. */
const CONVERGENCE_S = 20;
const WAIT = /updating \(1\ds\)/;

async function main(): Promise<void> {
  const environment = createHermeticEnvironment(await findCli());
  const emulator = await startEmulator({ convergenceMs: CONVERGENCE_S * 1_000 });
  const { NO_COLOR, ...inherited } = environment.variables;
  const variables = {
    ...inherited,
    ...emulator.environment,
    LC_ALL: "C.UTF-8",
    TMUX_TMPDIR: environment.folder,
  };
  const project = copyQuickstart(environment.folder);
  const screen = new Screen({ columns: COLUMNS, folder: project, variables });
  const render = createRenderer(environment.folder);
  try {
    await screen.run("pulumi stack init dev");
    await screen.run(`pulumi config set serviceId ${DEFAULT_SERVICE_ID}`);
    await screen.run("pulumi up --yes --skip-preview");
    await screen.run("pulumi config set cores 8");
    for (const [name, command, moment] of [
      ["preview", "pulumi preview --diff", undefined],
      ["up", "pulumi up --yes --skip-preview", WAIT],
    ] as const) {
      const text = await screen.run(command, moment);
      writeFileSync(join(PICTURES, `${name}.svg`), render(normalize(text), command));
    }
  } finally {
    screen.close();
    await emulator.close();
    environment.remove();
  }
}

/** With the end of their color, which the room that they leave gets too. */
const MOVING_DOTS = /(running|updating \(12s\))(\.*)((?:\u001b\[[\d;]*m)*)/g;

/** Replaces what differs at each run: the seconds so far, and the dots that move while something runs. */
function normalize(text: string): string {
  return text
    .replaceAll(/(?<=updating \()1\ds/g, "12s")
    .replaceAll(MOVING_DOTS, (_, status: string, dots: string, colors: string) => {
      return `${status}${colors}${" ".repeat(dots.length)}`;
    })
    .replaceAll(/ +$/gm, "");
}

/** Installs rich into a folder. */
function createRenderer(folder: string): (text: string, title: string) => string {
  const python = join(folder, "python");
  execFileSync("python3", ["-m", "venv", python]);
  const requirements = join(__dirname, "requirements.txt");
  execFileSync(join(python, "bin", "pip"), ["install", "--quiet", "--requirement", requirements]);
  return (text, title) =>
    execFileSync(join(python, "bin", "python"), [join(__dirname, "render.py"), String(COLUMNS), title], {
      input: text,
      encoding: "utf8",
    });
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
