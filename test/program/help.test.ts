import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { REPOSITORY } from "../support/project";

const COMMAND = join(REPOSITORY, "dist", "cli", "main.js");
const COLUMNS = 60;

function run(command: string, variables: NodeJS.ProcessEnv = {}) {
  const { PATH } = process.env;
  return spawnSync(process.execPath, [COMMAND, ...command.split(" ").filter((part) => part !== "")], {
    encoding: "utf8",
    env: { PATH, ...variables },
  });
}

describe("the help", () => {
  for (const command of ["", "report", "initial-load", "emulator", "emulator pipe"]) {
    describe(`of \`pulumi-clickpipes ${command}\``, () => {
      const { stdout, status } = run(`${command} --help`, { COLUMNS: String(COLUMNS) });

      it("fits 60 columns", () => {
        const long = stdout.split("\n").filter((line) => line.length > COLUMNS);
        assert.deepEqual([status, long], [0, []]);
      });

      it("has an example of the command and names its documentation", () => {
        const [, examples = ""] = stdout.split(/^Examples?:$/m);
        assert.ok(examples.includes(`npx pulumi-clickpipes ${command}`), examples);
        assert.match(stdout, /\nDocumentation: (https:\/\/\S+|docs\/reference\/commands\.md)\n$/);
      });

      it("has colors if FORCE_COLOR asks for them, and none in a pipe", () => {
        const colored = run(`${command} --help`, { COLUMNS: String(COLUMNS), FORCE_COLOR: "1" }).stdout;
        assert.notEqual(colored, stdout);
        assert.equal(stripVTControlCharacters(colored), stdout);
        assert.equal(stripVTControlCharacters(stdout), stdout);
      });
    });
  }

  it("has descriptions below their options if there is no room beside them", () => {
    const { stdout } = run("report --help", { COLUMNS: String(COLUMNS) });
    assert.match(stdout, /^ {2}--max-usd-per-month <usd>\n {6}limit on/m);
  });

  it("is 80 columns wide in a pipe without COLUMNS", () => {
    const { stdout } = run("report --help");
    assert.match(stdout, /^ {2}--max-usd-per-month <usd> {10}limit on/m);
  });
});

describe("a mistyped", () => {
  for (const [what, command, suggestion] of [
    ["command", "reprot", "Did you mean report?"],
    ["option", "report --max-usd-per-mont 3", "Did you mean --max-usd-per-month?"],
    ["option of initial-load", "initial-load --yse", "Did you mean --yes?"],
    ["subcommand", "emulator pip", "The only command of emulator is pipe."],
    ["action on a pipe", "emulator pipe pausee x", "Allowed choices are pause, start, "],
  ] as const) {
    it(`${what} is refused with a suggestion`, () => {
      const { status, stdout, stderr } = run(command);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.ok(stderr.includes(suggestion), stderr);
    });
  }
});

describe("an error", () => {
  for (const [kind, command] of [
    ["of the options", "reprot"],
    ["of a command", "emulator pipe fail x"],
  ] as const) {
    it(`${kind} is red if FORCE_COLOR asks for it, and plain in a pipe`, () => {
      const plain = run(command).stderr;
      const colored = run(command, { FORCE_COLOR: "1" }).stderr;
      assert.match(colored, /^\u001b\[31m.*\u001b\[39m\n/);
      assert.equal(stripVTControlCharacters(colored), plain);
      assert.doesNotMatch(plain, /\u001b/);
    });
  }
});
